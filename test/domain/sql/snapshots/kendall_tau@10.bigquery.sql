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
    FROM candidate_top AS c FULL JOIN baseline_top AS b ON c.q = b.q AND c.d = b.d),
  items AS (SELECT q, d, coalesce(x, 11) AS x, coalesce(y, 11) AS y, count(x) OVER (PARTITION BY q) AS nx, count(y) OVER (PARTITION BY q) AS ny FROM places),
  pairs AS (
    SELECT a.q, sum(sign(a.x - b.x) * sign(a.y - b.y)) AS agreed, COUNT(IF(a.x <> b.x, 1, NULL)) AS by_x, COUNT(IF(a.y <> b.y, 1, NULL)) AS by_y
    FROM items AS a JOIN items AS b ON a.q = b.q AND a.d < b.d WHERE a.nx > 0 AND a.ny > 0 GROUP BY a.q)
  SELECT q, CAST(agreed AS FLOAT64) / sqrt(CAST(by_x AS FLOAT64) * CAST(by_y AS FLOAT64)) AS `agreement_kendall_10_id__desc_float64` FROM pairs
  UNION ALL
  SELECT q, CAST(1 AS FLOAT64) FROM items WHERE nx > 0 AND ny > 0 GROUP BY q HAVING count(*) = 1
),
`candidate_lists` AS (
  SELECT q, count(*) AS n, min(s) AS lo, max(s) AS hi FROM candidate GROUP BY q
),
`candidate_listed` AS (
  SELECT q, true AS listed FROM `candidate_lists`
)
SELECT CAST(queries.q AS STRING) AS query,
  CASE WHEN coalesce(`counts_labels_linear_1_binary_value_plain_none`, false) THEN coalesce(`agreement_kendall_10_id__desc_float64`, 0) END AS c0
FROM queries
LEFT JOIN label_counts ON label_counts.q = queries.q
LEFT JOIN `candidate_listed` ON `candidate_listed`.q = queries.q
LEFT JOIN agreement_0 ON agreement_0.q = queries.q
ORDER BY query;
