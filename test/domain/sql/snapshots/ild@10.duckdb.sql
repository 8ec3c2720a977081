CREATE OR REPLACE TEMP TABLE label_counts AS SELECT q, true AS "counts labels linear 1 binary category plain none" FROM labels GROUP BY q;

CREATE TEMP TABLE IF NOT EXISTS "candidate lists" AS SELECT q, count(*) AS n, min(s) AS lo, max(s) AS hi FROM candidate GROUP BY q;

CREATE OR REPLACE TEMP TABLE "candidate listed" AS SELECT q, true AS listed FROM "candidate lists";

CREATE OR REPLACE TEMP TABLE "candidate list id_desc float64" AS
WITH threshold AS (SELECT q, list_last(max(s, 10)) AS t FROM candidate AS scored GROUP BY q),
ranked AS (
  SELECT scored.q, scored.d, row_number() OVER (PARTITION BY scored.q ORDER BY scored.s DESC, scored.d DESC) AS k
  FROM candidate AS scored JOIN queries ON queries.q = scored.q
  JOIN threshold ON threshold.q = scored.q WHERE scored.s >= threshold.t)
SELECT ranked.q, ranked.k, ranked.d, items.i FROM ranked LEFT JOIN items ON items.d = ranked.d WHERE k <= 10;

CREATE OR REPLACE TEMP TABLE "candidate distances id_desc float64 0" AS
WITH counted AS (
  SELECT list.q, count(*) AS n FROM "candidate list id_desc float64" AS list JOIN items ON items.i = list.i
  WHERE k <= 10 AND "text category" IS NOT NULL GROUP BY list.q, "text category")
SELECT q, CAST(sum(n) * sum(n) - sum(n * n) AS DOUBLE) / nullif(CAST(sum(n) * (sum(n) - 1) AS DOUBLE), 0) AS "distance 10 category category id_desc float64" FROM counted GROUP BY q HAVING sum(n) > 1;

SELECT CAST(queries.q AS VARCHAR) AS query,
  CASE WHEN coalesce("counts labels linear 1 binary category plain none", false) THEN coalesce("distance 10 category category id_desc float64", 0) END AS c0
FROM queries
LEFT JOIN label_counts ON label_counts.q = queries.q
LEFT JOIN "candidate listed" ON "candidate listed".q = queries.q
LEFT JOIN "candidate distances id_desc float64 0" ON "candidate distances id_desc float64 0".q = queries.q
ORDER BY query;
