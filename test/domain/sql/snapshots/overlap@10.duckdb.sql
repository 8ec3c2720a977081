CREATE OR REPLACE TEMP TABLE label_counts AS SELECT q, true AS "counts labels linear 1 binary value plain none" FROM labels GROUP BY q;

CREATE OR REPLACE TEMP TABLE agreement_0 AS
WITH candidate_top AS (
  SELECT scored.q, scored.d, row_number() OVER (PARTITION BY scored.q ORDER BY scored.s DESC, CAST(scored.d AS VARCHAR) DESC) AS k
  FROM candidate AS scored JOIN queries ON queries.q = scored.q
  JOIN (SELECT q, list_last(max(s, 10)) AS t FROM candidate AS scored GROUP BY q) AS threshold ON threshold.q = scored.q
  WHERE scored.s >= threshold.t QUALIFY k <= 10), baseline_top AS (
  SELECT scored.q, scored.d, row_number() OVER (PARTITION BY scored.q ORDER BY scored.s DESC, CAST(scored.d AS VARCHAR) DESC) AS k
  FROM baseline AS scored JOIN queries ON queries.q = scored.q
  JOIN (SELECT q, list_last(max(s, 10)) AS t FROM baseline AS scored GROUP BY q) AS threshold ON threshold.q = scored.q
  WHERE scored.s >= threshold.t QUALIFY k <= 10),
places AS (
  SELECT coalesce(c.q, b.q) AS q, coalesce(c.d, b.d) AS d, c.k AS x, b.k AS y
  FROM candidate_top AS c FULL JOIN baseline_top AS b ON c.q = b.q AND c.d = b.d)
SELECT q, CAST(count(*) FILTER (x IS NOT NULL AND y IS NOT NULL) AS DOUBLE) / greatest(count(x), count(y)) AS "agreement overlap 10 id_desc float64"
FROM places GROUP BY q;

CREATE TEMP TABLE IF NOT EXISTS "candidate lists" AS SELECT q, count(*) AS n, min(s) AS lo, max(s) AS hi FROM candidate GROUP BY q;

CREATE OR REPLACE TEMP TABLE "candidate listed" AS SELECT q, true AS listed FROM "candidate lists";

SELECT CAST(queries.q AS VARCHAR) AS query,
  CASE WHEN coalesce("counts labels linear 1 binary value plain none", false) THEN coalesce("agreement overlap 10 id_desc float64", 0) END AS c0
FROM queries
LEFT JOIN label_counts ON label_counts.q = queries.q
LEFT JOIN "candidate listed" ON "candidate listed".q = queries.q
LEFT JOIN agreement_0 ON agreement_0.q = queries.q
ORDER BY query;
