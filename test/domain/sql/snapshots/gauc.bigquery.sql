WITH label_counts AS (
  SELECT q, (coalesce(LOGICAL_OR(rel >= 1), false) AND coalesce(LOGICAL_OR(rel < 1), false)) AS `counts_both_x2d_classes_linear_1_binary_value_plain_none`, COUNT(IF(rel IS NOT NULL, 1, NULL)) AS `labels`, COUNT(IF(rel >= 1, 1, NULL)) AS `relevant_1`, COUNT(IF(rel < 1, 1, NULL)) AS `below_1` FROM labels GROUP BY q
),
`candidate_lists` AS (
  SELECT q, count(*) AS n, min(s) AS lo, max(s) AS hi FROM candidate GROUP BY q
),
`candidate_pairs_0` AS (
  WITH judged AS (
    SELECT labels.q, labels.rel >= 1 AS relevant, scored.s
    FROM labels LEFT JOIN candidate AS scored ON scored.q = labels.q AND scored.d = labels.d
    WHERE labels.q IN (SELECT q FROM candidate)),
  levels AS (SELECT q, s, COUNT(IF(relevant, 1, NULL)) AS p, COUNT(IF(NOT relevant, 1, NULL)) AS n FROM judged GROUP BY q, s),
  counted AS (
    SELECT *, coalesce(sum(n) OVER (PARTITION BY q ORDER BY s ASC NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS lower
    FROM levels)
  SELECT q, sum(p * (2 * lower + n)) AS `pairs_1_float64` FROM counted GROUP BY q
),
`candidate_listed` AS (
  SELECT q, true AS listed FROM `candidate_lists`
)
SELECT CAST(queries.q AS STRING) AS query,
  CASE WHEN coalesce(`counts_both_x2d_classes_linear_1_binary_value_plain_none`, false) THEN coalesce((CAST(coalesce(`pairs_1_float64`, 0) AS FLOAT64) / 2) / nullif((CAST(coalesce(`relevant_1`, 0) AS FLOAT64) * CAST(coalesce(`below_1`, 0) AS FLOAT64)), 0), 0) END AS c0,
  CAST(coalesce(`labels`, 0) AS FLOAT64) AS c1
FROM queries
LEFT JOIN label_counts ON label_counts.q = queries.q
LEFT JOIN `candidate_pairs_0` ON `candidate_pairs_0`.q = queries.q
LEFT JOIN `candidate_listed` ON `candidate_listed`.q = queries.q
ORDER BY query;
