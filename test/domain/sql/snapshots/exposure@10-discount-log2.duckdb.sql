CREATE OR REPLACE TEMP TABLE label_counts AS SELECT q, true AS "counts labels linear 1 binary value plain none" FROM labels GROUP BY q;

CREATE TEMP TABLE IF NOT EXISTS "candidate lists" AS SELECT q, count(*) AS n, min(s) AS lo, max(s) AS hi FROM candidate GROUP BY q;

CREATE OR REPLACE TEMP TABLE "candidate listed" AS SELECT q, true AS listed FROM "candidate lists";

CREATE OR REPLACE TEMP TABLE "candidate list id_desc float64" AS
WITH threshold AS (SELECT q, list_last(max(s, 10)) AS t FROM candidate AS scored GROUP BY q),
ranked AS (
  SELECT scored.q, scored.d, row_number() OVER (PARTITION BY scored.q ORDER BY scored.s DESC, scored.d DESC) AS k
  FROM candidate AS scored JOIN queries ON queries.q = scored.q
  JOIN threshold ON threshold.q = scored.q WHERE scored.s >= threshold.t)
SELECT ranked.q, ranked.k, ranked.d, items.i FROM ranked LEFT JOIN items ON items.d = ranked.d WHERE k <= 10;

CREATE OR REPLACE TEMP TABLE "candidate items id_desc float64" AS
SELECT list.q, sum(CAST((CASE WHEN items."text provider" = 'acme' THEN 1 ELSE 0 END) / log2(k + 1) * CAST(1152921504606847000 AS DOUBLE) AS BIGINT)) FILTER (k <= 10) AS "items 10 in-group provider,acme log2 1 id_desc float64", sum(CAST((1) / log2(k + 1) * CAST(1152921504606847000 AS DOUBLE) AS BIGINT)) FILTER (k <= 10) AS "items 10 row log2 1 id_desc float64" FROM "candidate list id_desc float64" AS list LEFT JOIN items ON items.i = list.i
LEFT JOIN labels ON labels.q = list.q AND labels.d = list.d GROUP BY list.q;

SELECT CAST(queries.q AS VARCHAR) AS query,
  CASE WHEN coalesce("counts labels linear 1 binary value plain none", false) THEN coalesce((CAST(coalesce("items 10 in-group provider,acme log2 1 id_desc float64", 0) AS DOUBLE) / CAST(1152921504606847000 AS DOUBLE)) / nullif((CAST(coalesce("items 10 row log2 1 id_desc float64", 0) AS DOUBLE) / CAST(1152921504606847000 AS DOUBLE)), 0), 0) END AS c0
FROM queries
LEFT JOIN label_counts ON label_counts.q = queries.q
LEFT JOIN "candidate listed" ON "candidate listed".q = queries.q
LEFT JOIN "candidate items id_desc float64" ON "candidate items id_desc float64".q = queries.q
ORDER BY query;
