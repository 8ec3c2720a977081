CREATE OR REPLACE TEMP TABLE label_counts AS SELECT q, coalesce(bool_or((CASE WHEN rel >= 1 THEN 1 ELSE 0 END) > 0), false) AS "counts relevant linear 1 binary value plain none", count(*) FILTER (rel >= 1) AS "relevant 1", count(*) FILTER (rel >= 0 AND rel < 1) AS "irrelevant 1" FROM labels GROUP BY q;

CREATE TEMP TABLE IF NOT EXISTS "candidate lists" AS SELECT q, count(*) AS n, min(s) AS lo, max(s) AS hi FROM candidate GROUP BY q;

CREATE OR REPLACE TEMP TABLE "candidate top id_desc float64" AS
WITH
survivors AS (
  SELECT scored.q, scored.d, scored.s, labels.* EXCLUDE (q, d)
  FROM candidate AS scored
  JOIN queries ON queries.q = scored.q
  LEFT JOIN labels ON labels.q = scored.q AND labels.d = scored.d
  ),
valued AS (SELECT * FROM survivors),
ranked AS (
  SELECT *, row_number() OVER places AS k, lag(s) OVER places AS above, lag(coalesce(rel, 0)) OVER places AS level_above, count(*) FILTER (rel >= 0 AND rel < 1) OVER (places ROWS UNBOUNDED PRECEDING) AS "misses 1"
  FROM valued WINDOW places AS (PARTITION BY q ORDER BY s DESC, CAST(d AS VARCHAR) DESC))
SELECT ranked.q,
  sum(CAST((((CASE WHEN rel >= 1 THEN (CASE WHEN "misses 1" > 0 THEN 1 - CAST(least("misses 1", "relevant 1") AS DOUBLE) / least("irrelevant 1", "relevant 1") ELSE 1 END) ELSE 0 END))) * CAST(1152921504606847000 AS DOUBLE) AS BIGINT)) AS "top all preference none linear 1 binary value plain none 0.8 4 id_desc float64",
  bool_or(rel <> s) AS unequal,
  bool_or(coalesce(rel, 0) > level_above) AS unordered
FROM ranked LEFT JOIN label_counts ON label_counts.q = ranked.q GROUP BY ranked.q;

CREATE OR REPLACE TEMP TABLE "candidate listed" AS SELECT q, true AS listed FROM "candidate lists";

SELECT CAST(queries.q AS VARCHAR) AS query,
  CASE WHEN coalesce("counts relevant linear 1 binary value plain none", false) THEN coalesce((CAST(coalesce("top all preference none linear 1 binary value plain none 0.8 4 id_desc float64", 0) AS DOUBLE) / CAST(1152921504606847000 AS DOUBLE)) / nullif(CAST(coalesce("relevant 1", 0) AS DOUBLE), 0), 0) END AS c0
FROM queries
LEFT JOIN label_counts ON label_counts.q = queries.q
LEFT JOIN "candidate top id_desc float64" ON "candidate top id_desc float64".q = queries.q
LEFT JOIN "candidate listed" ON "candidate listed".q = queries.q
ORDER BY query;
