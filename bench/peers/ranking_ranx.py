"""nDCG@10, recall@10 and MRR of two arms with ranx. Prints JSON."""
import json
import sys

import pandas as pd
from ranx import Qrels, Run, evaluate

folder = sys.argv[1]


def text_ids(rows: pd.DataFrame) -> pd.DataFrame:
    rows["query_id"] = rows["query_id"].astype(str).astype(object)
    rows["item_id"] = rows["item_id"].astype(str).astype(object)
    return rows


labels = text_ids(pd.read_parquet(f"{folder}/labels.parquet", columns=["query_id", "item_id", "grade"]))
labels["grade"] = labels["grade"].astype("int64")
qrels = Qrels.from_df(labels, q_id_col="query_id", doc_id_col="item_id", score_col="grade")
answer = {}
for arm in ["candidate", "baseline"]:
    rows = text_ids(pd.read_parquet(f"{folder}/predictions/{arm}.parquet"))
    rows["score"] = rows["score"].astype("float64")
    rows = rows[rows["query_id"].isin(set(labels["query_id"]))]
    run = Run.from_df(rows, q_id_col="query_id", doc_id_col="item_id", score_col="score")
    found = evaluate(qrels, run, ["ndcg@10", "recall@10", "mrr"], make_comparable=True)
    answer |= {f"{arm} {metric}": float(value) for metric, value in found.items()}
print(json.dumps(answer))
