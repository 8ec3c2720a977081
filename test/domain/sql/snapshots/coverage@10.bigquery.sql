WITH `candidate_list_id__desc_float64` AS (
  WITH
  ranked AS (
    SELECT scored.q, scored.d, row_number() OVER (PARTITION BY scored.q ORDER BY scored.s DESC, scored.d DESC) AS k
    FROM candidate AS scored JOIN queries ON queries.q = scored.q
    )
  SELECT ranked.q, ranked.k, ranked.d, items.i FROM ranked LEFT JOIN items ON items.d = ranked.d WHERE k <= 10
)
SELECT q, k, d, i FROM `candidate_list_id__desc_float64`;
