CREATE OR REPLACE TEMP TABLE label_counts AS SELECT q, (coalesce(bool_or(rel >= 1), false) AND coalesce(bool_or(rel < 1), false)) AS "counts both-classes linear 1 binary value plain none", count(*) FILTER (rel IS NOT NULL) AS "labels", count(*) FILTER (rel >= 1) AS "relevant 1", count(*) FILTER (rel < 1) AS "below 1" FROM labels GROUP BY q;

CREATE TEMP TABLE IF NOT EXISTS "candidate lists" AS SELECT q, count(*) AS n, min(s) AS lo, max(s) AS hi FROM candidate GROUP BY q;

CREATE OR REPLACE TEMP TABLE "candidate pairs 0" AS
WITH judged AS (
  SELECT labels.q, labels.rel >= 1 AS relevant, scored.s
  FROM labels LEFT JOIN candidate AS scored ON scored.q = labels.q AND scored.d = labels.d
  WHERE labels.q IN (SELECT q FROM candidate)),
levels AS (SELECT q, s, count(*) FILTER (relevant) AS p, count(*) FILTER (NOT relevant) AS n FROM judged GROUP BY q, s),
counted AS (
  SELECT *, coalesce(sum(n) OVER (PARTITION BY q ORDER BY s ASC NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS lower
  FROM levels)
SELECT q, sum(p * (2 * lower + n)) AS "pairs 1 float64" FROM counted GROUP BY q;

CREATE OR REPLACE TEMP TABLE "candidate listed" AS SELECT q, true AS listed FROM "candidate lists";

SELECT CAST(queries.q AS VARCHAR) AS query,
  CASE WHEN coalesce("counts both-classes linear 1 binary value plain none", false) THEN coalesce((CAST(coalesce("pairs 1 float64", 0) AS DOUBLE) / 2) / nullif((CAST(coalesce("relevant 1", 0) AS DOUBLE) * CAST(coalesce("below 1", 0) AS DOUBLE)), 0), 0) END AS c0,
  CAST(coalesce("labels", 0) AS DOUBLE) AS c1
FROM queries
LEFT JOIN label_counts ON label_counts.q = queries.q
LEFT JOIN "candidate pairs 0" ON "candidate pairs 0".q = queries.q
LEFT JOIN "candidate listed" ON "candidate listed".q = queries.q
ORDER BY query;
