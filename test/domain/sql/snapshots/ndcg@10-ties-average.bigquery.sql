WITH label_counts AS (
  SELECT q, coalesce(LOGICAL_OR(coalesce(greatest(rel, 0), 0) > 0), false) AS `counts_gain_linear_1_binary_value_plain_none` FROM labels GROUP BY q
),
label_ideals_0 AS (
  WITH best AS (SELECT *, row_number() OVER (PARTITION BY q ORDER BY rel DESC) AS k FROM labels WHERE rel > 0)
  SELECT q, SUM(IF(k <= 10, CAST(CAST(((coalesce(greatest(rel, 0), 0)) / LOG(k + 1, 2)) * CAST(288230376151711740 AS FLOAT64) AS INT64) AS BIGNUMERIC(38)), NULL)) AS `judged_ideal_10_gain_log2_linear_1_binary_value_plain_none_0_x2e_8_4` FROM best WHERE k <= 10 GROUP BY q
),
`candidate_lists` AS (
  SELECT q, count(*) AS n, min(s) AS lo, max(s) AS hi FROM candidate GROUP BY q
),
`candidate_top_average_float64` AS (
  WITH
  survivors AS (
    SELECT scored.q, scored.d, scored.s, labels.* EXCEPT (q, d)
    FROM candidate AS scored
    JOIN queries ON queries.q = scored.q
    LEFT JOIN labels ON labels.q = scored.q AND labels.d = scored.d
    ),
  valued AS (SELECT *, CAST(sum(CAST(CAST((coalesce(greatest(rel, 0), 0)) * CAST(288230376151711740 AS FLOAT64) AS INT64) AS BIGNUMERIC(38))) OVER (PARTITION BY q, CAST(s + 0 AS STRING)) AS FLOAT64) / count(*) OVER (PARTITION BY q, CAST(s + 0 AS STRING)) / CAST(288230376151711740 AS FLOAT64) AS v0 FROM survivors),
  ranked AS (
    SELECT *, row_number() OVER places AS k, lag(s) OVER places AS above, lag(coalesce(rel, 0)) OVER places AS level_above
    FROM valued WINDOW places AS (PARTITION BY q ORDER BY s DESC, CAST(d AS STRING) DESC))
  SELECT ranked.q,
    SUM(IF(k <= 10, CAST(CAST(((v0) / LOG(k + 1, 2)) * CAST(288230376151711740 AS FLOAT64) AS INT64) AS BIGNUMERIC(38)), NULL)) AS `top_10_gain_log2_linear_1_binary_value_plain_none_0_x2e_8_4_average_float64`,
    LOGICAL_OR(rel <> s) AS unequal,
    LOGICAL_OR(coalesce(rel, 0) > level_above) AS unordered
  FROM ranked  GROUP BY ranked.q
),
`candidate_listed` AS (
  SELECT q, true AS listed FROM `candidate_lists`
)
SELECT CAST(queries.q AS STRING) AS query,
  CASE WHEN coalesce(`counts_gain_linear_1_binary_value_plain_none`, false) THEN coalesce((CAST(coalesce(`top_10_gain_log2_linear_1_binary_value_plain_none_0_x2e_8_4_average_float64`, 0) AS FLOAT64) / CAST(288230376151711740 AS FLOAT64)) / nullif((CAST(coalesce(`judged_ideal_10_gain_log2_linear_1_binary_value_plain_none_0_x2e_8_4`, 0) AS FLOAT64) / CAST(288230376151711740 AS FLOAT64)), 0), 0) END AS c0
FROM queries
LEFT JOIN label_counts ON label_counts.q = queries.q
LEFT JOIN label_ideals_0 ON label_ideals_0.q = queries.q
LEFT JOIN `candidate_top_average_float64` ON `candidate_top_average_float64`.q = queries.q
LEFT JOIN `candidate_listed` ON `candidate_listed`.q = queries.q
ORDER BY query;
