WITH label_counts AS (
  SELECT q, true AS `counts_labels_linear_1_binary_vector_plain_none` FROM labels GROUP BY q
),
`candidate_lists` AS (
  SELECT q, count(*) AS n, min(s) AS lo, max(s) AS hi FROM candidate GROUP BY q
),
`candidate_listed` AS (
  SELECT q, true AS listed FROM `candidate_lists`
),
`candidate_list_id__desc_float64` AS (
  WITH
  ranked AS (
    SELECT scored.q, scored.d, row_number() OVER (PARTITION BY scored.q ORDER BY scored.s DESC, scored.d DESC) AS k
    FROM candidate AS scored JOIN queries ON queries.q = scored.q
    )
  SELECT ranked.q, ranked.k, ranked.d, items.i FROM ranked LEFT JOIN items ON items.d = ranked.d WHERE k <= 10
),
`candidate_distances_id__desc_float64_0` AS (
  WITH placed AS (SELECT i, `vector_vector` FROM items WHERE `vector_vector` IS NOT NULL AND (SELECT SUM(x * x) FROM UNNEST(`vector_vector`) AS x) > 0),
  pairs AS (
    SELECT upper.q, upper.i AS first, lower.i AS second FROM `candidate_list_id__desc_float64` AS upper JOIN `candidate_list_id__desc_float64` AS lower ON upper.q = lower.q AND upper.k < lower.k
    WHERE lower.k <= 10)
  SELECT q, CAST(sum(CAST(CAST(COSINE_DISTANCE(a.`vector_vector`, b.`vector_vector`) * CAST(576460752303423500 AS FLOAT64) AS INT64) AS BIGNUMERIC(38))) AS FLOAT64) / CAST(576460752303423500 AS FLOAT64) / count(*) AS `distance_10_cosine_vector_id__desc_float64`
  FROM pairs JOIN placed AS a ON a.i = first JOIN placed AS b ON b.i = second GROUP BY q
)
SELECT CAST(queries.q AS STRING) AS query,
  CASE WHEN coalesce(`counts_labels_linear_1_binary_vector_plain_none`, false) THEN coalesce(`distance_10_cosine_vector_id__desc_float64`, 0) END AS c0
FROM queries
LEFT JOIN label_counts ON label_counts.q = queries.q
LEFT JOIN `candidate_listed` ON `candidate_listed`.q = queries.q
LEFT JOIN `candidate_distances_id__desc_float64_0` ON `candidate_distances_id__desc_float64_0`.q = queries.q
ORDER BY query;
