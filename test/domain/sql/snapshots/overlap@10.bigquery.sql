WITH label_counts AS (
  SELECT q, true AS `counts_labels_linear_1_binary_value_plain_none` FROM labels GROUP BY q
),
agreement_0 AS (
  WITH candidate_top AS (
    SELECT scored.q, scored.d, row_number() OVER (PARTITION BY scored.q ORDER BY scored.s DESC, CAST(scored.d AS STRING) DESC) AS k
    FROM candidate AS scored JOIN queries ON queries.q = scored.q
    WHERE true QUALIFY k <= 10), baseline_top AS (
    SELECT scored.q, scored.d, row_number() OVER (PARTITION BY scored.q ORDER BY scored.s DESC, CAST(scored.d AS STRING) DESC) AS k
    FROM baseline AS scored JOIN queries ON queries.q = scored.q
    WHERE true QUALIFY k <= 10),
  places AS (
    SELECT coalesce(c.q, b.q) AS q, coalesce(c.d, b.d) AS d, c.k AS x, b.k AS y
    FROM candidate_top AS c FULL JOIN baseline_top AS b ON c.q = b.q AND c.d = b.d)
  SELECT q, CAST(COUNT(IF(x IS NOT NULL AND y IS NOT NULL, 1, NULL)) AS FLOAT64) / greatest(count(x), count(y)) AS `agreement_overlap_10_id__desc_float64`
  FROM places GROUP BY q
),
`candidate_lists` AS (
  SELECT q, count(*) AS n, min(s) AS lo, max(s) AS hi FROM candidate GROUP BY q
),
`candidate_listed` AS (
  SELECT q, true AS listed FROM `candidate_lists`
)
SELECT CAST(queries.q AS STRING) AS query,
  CASE WHEN coalesce(`counts_labels_linear_1_binary_value_plain_none`, false) THEN coalesce(`agreement_overlap_10_id__desc_float64`, 0) END AS c0
FROM queries
LEFT JOIN label_counts ON label_counts.q = queries.q
LEFT JOIN `candidate_listed` ON `candidate_listed`.q = queries.q
LEFT JOIN agreement_0 ON agreement_0.q = queries.q
ORDER BY query;
