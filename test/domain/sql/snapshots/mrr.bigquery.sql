WITH label_counts AS (
  SELECT q, coalesce(LOGICAL_OR((CASE WHEN rel >= 1 THEN 1 ELSE 0 END) > 0), false) AS `counts_relevant_linear_1_binary_value_plain_none` FROM labels GROUP BY q
),
`candidate_lists` AS (
  SELECT q, count(*) AS n, min(s) AS lo, max(s) AS hi FROM candidate GROUP BY q
),
`candidate_first_0` AS (
  WITH best AS (
    SELECT scored.q, scored.s, scored.d FROM candidate AS scored JOIN queries AS searched ON searched.q = scored.q JOIN labels ON labels.q = scored.q AND labels.d = scored.d
    WHERE labels.rel >= 1
    QUALIFY row_number() OVER (PARTITION BY scored.q ORDER BY scored.s DESC, CAST(scored.d AS STRING) DESC) = 1)
  SELECT best.q, 1 + COUNT(IF(scored.s > best.s OR (scored.s = best.s AND CAST(scored.d AS STRING) > CAST(best.d AS STRING)), 1, NULL)) AS `first_all_1_id__desc_float64`
  FROM best JOIN candidate AS scored ON scored.q = best.q
  GROUP BY best.q
),
`candidate_listed` AS (
  SELECT q, true AS listed FROM `candidate_lists`
)
SELECT CAST(queries.q AS STRING) AS query,
  CASE WHEN coalesce(`counts_relevant_linear_1_binary_value_plain_none`, false) THEN coalesce(CAST(1 AS FLOAT64) / `first_all_1_id__desc_float64`, 0) END AS c0
FROM queries
LEFT JOIN label_counts ON label_counts.q = queries.q
LEFT JOIN `candidate_first_0` ON `candidate_first_0`.q = queries.q
LEFT JOIN `candidate_listed` ON `candidate_listed`.q = queries.q
ORDER BY query;
