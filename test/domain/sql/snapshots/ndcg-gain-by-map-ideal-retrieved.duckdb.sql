CREATE OR REPLACE TEMP TABLE label_counts AS SELECT q, coalesce(bool_or(coalesce((CASE rel WHEN 1 THEN CAST(1 AS DOUBLE) WHEN 2 THEN CAST(1.5 AS DOUBLE) WHEN 3 THEN CAST(7 AS DOUBLE) ELSE 0 END), 0) > 0), false) AS "counts gain 1:1 2:1.5 3:7 1 binary value plain none" FROM labels GROUP BY q;

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
  SELECT *, row_number() OVER places AS k, lag(s) OVER places AS above, lag(coalesce(rel, 0)) OVER places AS level_above
  FROM valued WINDOW places AS (PARTITION BY q ORDER BY s DESC, CAST(d AS VARCHAR) DESC))
SELECT ranked.q,
  sum(CAST(((coalesce((CASE rel WHEN 1 THEN CAST(1 AS DOUBLE) WHEN 2 THEN CAST(1.5 AS DOUBLE) WHEN 3 THEN CAST(7 AS DOUBLE) ELSE 0 END), 0)) / log2(k + 1)) * CAST(144115188075855870 AS DOUBLE) AS BIGINT)) AS "top all gain log2 1:1 2:1.5 3:7 1 binary value plain none 0.8 4 id_desc float64",
  bool_or(rel <> s) AS unequal,
  bool_or(coalesce(rel, 0) > level_above) AS unordered
FROM ranked  GROUP BY ranked.q;

CREATE OR REPLACE TEMP TABLE "candidate retrieved 0" AS
WITH best AS (SELECT *, row_number() OVER (PARTITION BY q ORDER BY rel DESC) AS k FROM (SELECT labels.* FROM labels JOIN candidate AS run ON run.q = labels.q AND run.d = labels.d) WHERE rel > 0)
SELECT q, sum(CAST(((coalesce((CASE rel WHEN 1 THEN CAST(1 AS DOUBLE) WHEN 2 THEN CAST(1.5 AS DOUBLE) WHEN 3 THEN CAST(7 AS DOUBLE) ELSE 0 END), 0)) / log2(k + 1)) * CAST(144115188075855870 AS DOUBLE) AS BIGINT)) AS "retrieved ideal all gain log2 1:1 2:1.5 3:7 1 binary value plain none 0.8 4" FROM best  GROUP BY q;

CREATE OR REPLACE TEMP TABLE "candidate listed" AS SELECT q, true AS listed FROM "candidate lists";

SELECT CAST(queries.q AS VARCHAR) AS query,
  CASE WHEN coalesce("counts gain 1:1 2:1.5 3:7 1 binary value plain none", false) THEN coalesce((CAST(coalesce("top all gain log2 1:1 2:1.5 3:7 1 binary value plain none 0.8 4 id_desc float64", 0) AS DOUBLE) / CAST(144115188075855870 AS DOUBLE)) / nullif((CAST(coalesce("retrieved ideal all gain log2 1:1 2:1.5 3:7 1 binary value plain none 0.8 4", 0) AS DOUBLE) / CAST(144115188075855870 AS DOUBLE)), 0), 0) END AS c0
FROM queries
LEFT JOIN label_counts ON label_counts.q = queries.q
LEFT JOIN "candidate top id_desc float64" ON "candidate top id_desc float64".q = queries.q
LEFT JOIN "candidate retrieved 0" ON "candidate retrieved 0".q = queries.q
LEFT JOIN "candidate listed" ON "candidate listed".q = queries.q
ORDER BY query;
