"""nDCG@10, recall@10 and MRR of two arms with ir-measures. Prints JSON."""
import json
import sys

import ir_measures
import pandas as pd
from ir_measures import RR, R, nDCG

folder = sys.argv[1]
names = {str(nDCG @ 10): "ndcg@10", str(R @ 10): "recall@10", str(RR): "mrr"}
labels = pd.read_parquet(f"{folder}/labels.parquet", columns=["query_id", "item_id", "grade"])
labels = labels.rename(columns={"item_id": "doc_id", "grade": "relevance"}).astype({"query_id": str, "doc_id": str, "relevance": int})
answer = {}
for arm in ["candidate", "baseline"]:
    rows = pd.read_parquet(f"{folder}/predictions/{arm}.parquet")
    rows = rows.rename(columns={"item_id": "doc_id"}).astype({"query_id": str, "doc_id": str, "score": float})
    found = ir_measures.calc_aggregate([nDCG @ 10, R @ 10, RR], labels, rows)
    answer |= {f"{arm} {names[str(metric)]}": float(value) for metric, value in found.items()}
print(json.dumps(answer))
