"""AUC of two arms with scikit-learn, without any interval. Prints JSON."""
import json
import sys

import pandas as pd
from sklearn.metrics import roc_auc_score

folder = sys.argv[1]
answer = {}
for arm in ["candidate", "baseline"]:
    rows = pd.read_parquet(f"{folder}/predictions/{arm}.parquet", columns=["score", "label"])
    answer[f"{arm} auc"] = roc_auc_score(rows["label"], rows["score"])
print(json.dumps(answer))
