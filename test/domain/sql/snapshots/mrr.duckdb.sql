CREATE OR REPLACE TEMP TABLE label_counts AS SELECT q, coalesce(bool_or((CASE WHEN rel >= 1 THEN 1 ELSE 0 END) > 0), false) AS "counts relevant linear 1 binary value plain none" FROM labels GROUP BY q;

CREATE TEMP TABLE IF NOT EXISTS "candidate lists" AS SELECT q, count(*) AS n, min(s) AS lo, max(s) AS hi FROM candidate GROUP BY q;

CREATE OR REPLACE TEMP TABLE "candidate first 0" AS
WITH best AS (
  SELECT scored.q, scored.s, scored.d FROM candidate AS scored JOIN queries AS searched ON searched.q = scored.q JOIN labels ON labels.q = scored.q AND labels.d = scored.d
  WHERE labels.rel >= 1
  QUALIFY row_number() OVER (PARTITION BY scored.q ORDER BY scored.s DESC, CAST(scored.d AS VARCHAR) DESC) = 1)
SELECT best.q, 1 + count(*) FILTER (scored.s > best.s OR (scored.s = best.s AND CAST(scored.d AS VARCHAR) > CAST(best.d AS VARCHAR))) AS "first all 1 id_desc float64"
FROM best JOIN candidate AS scored ON scored.q = best.q
GROUP BY best.q;

CREATE OR REPLACE TEMP TABLE "candidate listed" AS SELECT q, true AS listed FROM "candidate lists";

SELECT CAST(queries.q AS VARCHAR) AS query,
  CASE WHEN coalesce("counts relevant linear 1 binary value plain none", false) THEN coalesce(CAST(1 AS DOUBLE) / "first all 1 id_desc float64", 0) END AS c0
FROM queries
LEFT JOIN label_counts ON label_counts.q = queries.q
LEFT JOIN "candidate first 0" ON "candidate first 0".q = queries.q
LEFT JOIN "candidate listed" ON "candidate listed".q = queries.q
ORDER BY query;
