WITH label_counts AS (
  SELECT q, true AS `counts_labels_linear_1_binary_category_plain_none` FROM labels GROUP BY q
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
  WITH counted AS (
    SELECT list.q, count(*) AS n FROM `candidate_list_id__desc_float64` AS list JOIN items ON items.i = list.i
    WHERE k <= 10 AND `text_category` IS NOT NULL GROUP BY list.q, `text_category`)
  SELECT q, CAST(sum(n) * sum(n) - sum(n * n) AS FLOAT64) / nullif(CAST(sum(n) * (sum(n) - 1) AS FLOAT64), 0) AS `distance_10_category_category_id__desc_float64` FROM counted GROUP BY q HAVING sum(n) > 1
)
SELECT CAST(queries.q AS STRING) AS query,
  CASE WHEN coalesce(`counts_labels_linear_1_binary_category_plain_none`, false) THEN coalesce(`distance_10_category_category_id__desc_float64`, 0) END AS c0
FROM queries
LEFT JOIN label_counts ON label_counts.q = queries.q
LEFT JOIN `candidate_listed` ON `candidate_listed`.q = queries.q
LEFT JOIN `candidate_distances_id__desc_float64_0` ON `candidate_distances_id__desc_float64_0`.q = queries.q
ORDER BY query;
