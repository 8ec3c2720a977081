CREATE OR REPLACE TEMP TABLE "candidate list id_desc float64" AS
WITH threshold AS (SELECT q, list_last(max(s, 10)) AS t FROM candidate AS scored GROUP BY q),
ranked AS (
  SELECT scored.q, scored.d, row_number() OVER (PARTITION BY scored.q ORDER BY scored.s DESC, scored.d DESC) AS k
  FROM candidate AS scored JOIN queries ON queries.q = scored.q
  JOIN threshold ON threshold.q = scored.q WHERE scored.s >= threshold.t)
SELECT ranked.q, ranked.k, ranked.d, items.i FROM ranked LEFT JOIN items ON items.d = ranked.d WHERE k <= 10;

SELECT q, k, d, i FROM "candidate list id_desc float64";
