WITH label_counts AS (
  SELECT q, coalesce(LOGICAL_OR((CASE WHEN rel >= 1 THEN 1 ELSE 0 END) > 0), false) AS `counts_relevant_linear_1_binary_value_plain_none` FROM labels GROUP BY q
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
    SUM(IF(k <= 10, CAST(ROUND(((coalesce(CASE WHEN rel >= 1 THEN `value_value` END, 0))) * CAST(2.4758800785707605e+27 AS FLOAT64)) AS BIGNUMERIC(38)), NULL)) AS `top_10_value_none_linear_1_binary_value_plain_none_0_x2e_8_4_id__desc_float64`,
    LOGICAL_OR(rel <> s) AS unequal,
    LOGICAL_OR(coalesce(rel, 0) > level_above) AS unordered
  FROM ranked  GROUP BY ranked.q
),
`candidate_listed` AS (
  SELECT q, true AS listed FROM `candidate_lists`
)
SELECT CAST(queries.q AS STRING) AS query,
  CASE WHEN coalesce(`counts_relevant_linear_1_binary_value_plain_none`, false) THEN (CAST(coalesce(`top_10_value_none_linear_1_binary_value_plain_none_0_x2e_8_4_id__desc_float64`, 0) AS FLOAT64) / CAST(2.4758800785707605e+27 AS FLOAT64)) END AS c0
FROM queries
LEFT JOIN label_counts ON label_counts.q = queries.q
LEFT JOIN `candidate_top_id__desc_float64` ON `candidate_top_id__desc_float64`.q = queries.q
LEFT JOIN `candidate_listed` ON `candidate_listed`.q = queries.q
ORDER BY query;
