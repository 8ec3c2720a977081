WITH label_counts AS (
  SELECT q, true AS `counts_labels_linear_1_binary_popularity_plain_none` FROM labels GROUP BY q
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
`candidate_items_id__desc_float64` AS (
  SELECT list.q, SUM(IF(k <= 10, CAST(CAST((CASE WHEN `number_popularity` > 0 THEN 0 - LOG(`number_popularity` / CAST(900 AS FLOAT64), 2) ELSE CAST(9.815383295813538 AS FLOAT64) END) * CAST(72057594037927940 AS FLOAT64) AS INT64) AS BIGNUMERIC(38)), NULL)) AS `items_10_self_x2d_information_popularity_900_rarest_none_1_id__desc_float64`, SUM(IF(k <= 10, CAST(CAST((1) * CAST(1152921504606847000 AS FLOAT64) AS INT64) AS BIGNUMERIC(38)), NULL)) AS `items_10_row_none_1_id__desc_float64` FROM `candidate_list_id__desc_float64` AS list LEFT JOIN items ON items.i = list.i
  LEFT JOIN labels ON labels.q = list.q AND labels.d = list.d GROUP BY list.q
)
SELECT CAST(queries.q AS STRING) AS query,
  CASE WHEN coalesce(`counts_labels_linear_1_binary_popularity_plain_none`, false) THEN coalesce((CAST(coalesce(`items_10_self_x2d_information_popularity_900_rarest_none_1_id__desc_float64`, 0) AS FLOAT64) / CAST(72057594037927940 AS FLOAT64)) / nullif((CAST(coalesce(`items_10_row_none_1_id__desc_float64`, 0) AS FLOAT64) / CAST(1152921504606847000 AS FLOAT64)), 0), 0) END AS c0
FROM queries
LEFT JOIN label_counts ON label_counts.q = queries.q
LEFT JOIN `candidate_listed` ON `candidate_listed`.q = queries.q
LEFT JOIN `candidate_items_id__desc_float64` ON `candidate_items_id__desc_float64`.q = queries.q
ORDER BY query;
