CREATE OR REPLACE TEMP TABLE label_counts AS SELECT q, coalesce(bool_or(coalesce((CASE WHEN rel >= 1 THEN 1 ELSE 0 END), 0) > 0), false) AS "counts gain binary 1 binary value plain none" FROM labels GROUP BY q;

CREATE OR REPLACE TEMP TABLE "candidate lists" AS SELECT q, count(*) AS n, min(s) AS lo, max(s) AS hi, list_last(max(s, 10)) AS t FROM candidate GROUP BY q;

CREATE OR REPLACE TEMP TABLE "candidate top id_desc float64" AS
WITH threshold AS (SELECT q, t FROM "candidate lists"),
survivors AS (
  SELECT scored.q, scored.d, scored.s, labels.* EXCLUDE (q, d)
  FROM candidate AS scored
  JOIN queries ON queries.q = scored.q
  LEFT JOIN labels ON labels.q = scored.q AND labels.d = scored.d
  JOIN threshold ON threshold.q = scored.q WHERE scored.s >= threshold.t),
valued AS (SELECT * FROM survivors),
ranked AS (
  SELECT *, row_number() OVER places AS k, lag(s) OVER places AS above, lag(coalesce(rel, 0)) OVER places AS level_above
  FROM valued WINDOW places AS (PARTITION BY q ORDER BY s DESC, CAST(d AS VARCHAR) DESC))
SELECT ranked.q,
  sum(CAST(((coalesce((CASE WHEN rel >= 1 THEN 1 ELSE 0 END), 0)) / log2(k + 1)) * CAST(1152921504606847000 AS DOUBLE) AS BIGINT)) FILTER (k <= 10) AS "top 10 gain log2 binary 1 binary value plain none 0.8 4 id_desc float64",
  bool_or(rel <> s) AS unequal,
  bool_or(coalesce(rel, 0) > level_above) AS unordered
FROM ranked  GROUP BY ranked.q;

CREATE OR REPLACE TEMP TABLE "candidate listed" AS SELECT q, true AS listed FROM "candidate lists";

SELECT CAST(queries.q AS VARCHAR) AS query,
  CASE WHEN coalesce("counts gain binary 1 binary value plain none", false) THEN coalesce((CAST(coalesce("top 10 gain log2 binary 1 binary value plain none 0.8 4 id_desc float64", 0) AS DOUBLE) / CAST(1152921504606847000 AS DOUBLE)) / nullif((CAST(coalesce((SELECT sum(CAST(((1) / log2(k + 1)) * CAST(1152921504606847000 AS DOUBLE) AS BIGINT)) FROM range(1, 11) AS places(k)), 0) AS DOUBLE) / CAST(1152921504606847000 AS DOUBLE)), 0), 0) END AS c0
FROM queries
LEFT JOIN label_counts ON label_counts.q = queries.q
LEFT JOIN "candidate top id_desc float64" ON "candidate top id_desc float64".q = queries.q
LEFT JOIN "candidate listed" ON "candidate listed".q = queries.q
ORDER BY query;
