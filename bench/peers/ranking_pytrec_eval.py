"""nDCG@10, recall@10 and MRR of two arms with pytrec_eval. Prints JSON."""
import json
import sys

import pandas as pd
import pytrec_eval

folder = sys.argv[1]
names = {"ndcg_cut_10": "ndcg@10", "recall_10": "recall@10", "recip_rank": "mrr"}


def nested(rows: pd.DataFrame, value: str, kind: type) -> dict:
    queries: dict = {}
    for query, item, number in zip(rows["query_id"].astype(str), rows["item_id"].astype(str), rows[value].astype(kind).tolist()):
        queries.setdefault(query, {})[item] = number
    return queries


labels = nested(pd.read_parquet(f"{folder}/labels.parquet"), "grade", int)
evaluator = pytrec_eval.RelevanceEvaluator(labels, {"ndcg_cut.10", "recall.10", "recip_rank"})
answer = {}
for arm in ["candidate", "baseline"]:
    found = evaluator.evaluate(nested(pd.read_parquet(f"{folder}/predictions/{arm}.parquet"), "score", float))
    for theirs, ours in names.items():
        answer[f"{arm} {ours}"] = sum(query[theirs] for query in found.values()) / len(labels)
print(json.dumps(answer))
