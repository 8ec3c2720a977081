WITH label_counts AS (
  SELECT q, coalesce(LOGICAL_OR(coalesce((CASE rel WHEN 1 THEN CAST(1 AS FLOAT64) WHEN 2 THEN CAST(1.5 AS FLOAT64) WHEN 3 THEN CAST(7 AS FLOAT64) ELSE 0 END), 0) > 0), false) AS `counts_gain_1_x3a_1_2_x3a_1_x2e_5_3_x3a_7_1_binary_value_plain_none` FROM labels GROUP BY q
),
`candidate_lists` AS (
  SELECT q, count(*) AS n, min(s) AS lo, max(s) AS hi FROM candidate GROUP BY q
),
`candidate_top_id__desc_float64` AS (
  WITH
  survivors AS (
    SELECT scored.q, scored.d, scored.s, labels.* EXCEPT (q, d)
    FROM candidate AS scored
    JOIN queries ON queries.q = scored.q
    LEFT JOIN labels ON labels.q = scored.q AND labels.d = scored.d
    ),
  valued AS (SELECT * FROM survivors),
  ranked AS (
    SELECT *, row_number() OVER places AS k, lag(s) OVER places AS above, lag(coalesce(rel, 0)) OVER places AS level_above
    FROM valued WINDOW places AS (PARTITION BY q ORDER BY s DESC, CAST(d AS STRING) DESC))
  SELECT ranked.q,
    sum(CAST(CAST(((coalesce((CASE rel WHEN 1 THEN CAST(1 AS FLOAT64) WHEN 2 THEN CAST(1.5 AS FLOAT64) WHEN 3 THEN CAST(7 AS FLOAT64) ELSE 0 END), 0)) / LOG(k + 1, 2)) * CAST(144115188075855870 AS FLOAT64) AS INT64) AS BIGNUMERIC(38))) AS `top_all_gain_log2_1_x3a_1_2_x3a_1_x2e_5_3_x3a_7_1_binary_value_plain_none_0_x2e_8_4_id__desc_float64`,
    LOGICAL_OR(rel <> s) AS unequal,
    LOGICAL_OR(coalesce(rel, 0) > level_above) AS unordered
  FROM ranked  GROUP BY ranked.q
),
`candidate_retrieved_0` AS (
  WITH best AS (SELECT *, row_number() OVER (PARTITION BY q ORDER BY rel DESC) AS k FROM (SELECT labels.* FROM labels JOIN candidate AS run ON run.q = labels.q AND run.d = labels.d) WHERE rel > 0)
  SELECT q, sum(CAST(CAST(((coalesce((CASE rel WHEN 1 THEN CAST(1 AS FLOAT64) WHEN 2 THEN CAST(1.5 AS FLOAT64) WHEN 3 THEN CAST(7 AS FLOAT64) ELSE 0 END), 0)) / LOG(k + 1, 2)) * CAST(144115188075855870 AS FLOAT64) AS INT64) AS BIGNUMERIC(38))) AS `retrieved_ideal_all_gain_log2_1_x3a_1_2_x3a_1_x2e_5_3_x3a_7_1_binary_value_plain_none_0_x2e_8_4` FROM best  GROUP BY q
),
`candidate_listed` AS (
  SELECT q, true AS listed FROM `candidate_lists`
)
SELECT CAST(queries.q AS STRING) AS query,
  CASE WHEN coalesce(`counts_gain_1_x3a_1_2_x3a_1_x2e_5_3_x3a_7_1_binary_value_plain_none`, false) THEN coalesce((CAST(coalesce(`top_all_gain_log2_1_x3a_1_2_x3a_1_x2e_5_3_x3a_7_1_binary_value_plain_none_0_x2e_8_4_id__desc_float64`, 0) AS FLOAT64) / CAST(144115188075855870 AS FLOAT64)) / nullif((CAST(coalesce(`retrieved_ideal_all_gain_log2_1_x3a_1_2_x3a_1_x2e_5_3_x3a_7_1_binary_value_plain_none_0_x2e_8_4`, 0) AS FLOAT64) / CAST(144115188075855870 AS FLOAT64)), 0), 0) END AS c0
FROM queries
LEFT JOIN label_counts ON label_counts.q = queries.q
LEFT JOIN `candidate_top_id__desc_float64` ON `candidate_top_id__desc_float64`.q = queries.q
LEFT JOIN `candidate_retrieved_0` ON `candidate_retrieved_0`.q = queries.q
LEFT JOIN `candidate_listed` ON `candidate_listed`.q = queries.q
ORDER BY query;
