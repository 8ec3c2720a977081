"""nDCG@10, recall@10 and MRR of two arms with pandas. Prints JSON."""
import json
import sys

import numpy as np
import pandas as pd

folder = sys.argv[1]
labels = pd.read_parquet(f"{folder}/labels.parquet", columns=["query_id", "item_id", "grade"])
best = labels.sort_values(["query_id", "grade"], ascending=[True, False])
best["k"] = best.groupby("query_id").cumcount() + 1
top = best[best["k"] <= 10]
ideal = (top["grade"] / np.log2(top["k"] + 1)).groupby(top["query_id"]).sum()
relevant = labels.groupby("query_id").size()


def per_query(arm: str) -> pd.DataFrame:
    rows = pd.read_parquet(f"{folder}/predictions/{arm}.parquet")
    rows = rows.sort_values(["query_id", "score", "item_id"], ascending=[True, False, False])
    rows["k"] = rows.groupby("query_id").cumcount() + 1
    hits = rows.merge(labels, on=["query_id", "item_id"])
    top = hits[hits["k"] <= 10]
    dcg = (top["grade"] / np.log2(top["k"] + 1)).groupby(top["query_id"]).sum()
    found = top.groupby("query_id").size()
    first = hits.groupby("query_id")["k"].min()
    return pd.DataFrame(
        {
            "ndcg@10": dcg.reindex(ideal.index).fillna(0) / ideal,
            "recall@10": found.reindex(ideal.index).fillna(0) / relevant,
            "mrr": (1 / first.reindex(ideal.index)).fillna(0),
        }
    )


candidate, baseline = per_query("candidate"), per_query("baseline")
answer = {}
for metric in candidate.columns:
    answer[f"candidate {metric}"] = candidate[metric].mean()
    answer[f"baseline {metric}"] = baseline[metric].mean()
    answer[f"standard error {metric}"] = (candidate[metric] - baseline[metric]).sem()
print(json.dumps(answer))
