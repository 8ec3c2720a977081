"""Golden numbers of RecPack's metrics of top-K lists.

python test/golden/make_ranking_recpack.py > test/golden/ranking-recpack.json     (with recpack 0.3.6)

Two made worlds: users with several relevant items, and users with one each (leave-one-out). HitK counts the hits of a list, so it is a hit rate
only in the second; in the first its row is not a target. A user without a relevant item is left out by RecPack. No two scores are equal.
"""

import json
import random

import numpy as np
from scipy.sparse import csr_matrix

from recpack.metrics import CalibratedRecallK, CoverageK, DCGK, HitK, NDCGK, PrecisionK, RecallK, ReciprocalRankK

random.seed(20261125)
USERS, ITEMS, LISTED = 8, 15, 9
K = [3, 5, 12]
NAMES = {"dcg": DCGK, "ndcg": NDCGK, "precision": PrecisionK, "recall": RecallK, "recall_capped": CalibratedRecallK, "mrr": ReciprocalRankK}


def made(relevant):
    scores = random.sample(range(1, 10_000), USERS * LISTED)
    run = {f"u{u}": {f"i{i}": scores.pop() / 1000 for i in random.sample(range(ITEMS), LISTED)} for u in range(USERS)}
    labels = {f"u{u}": {f"i{i}": 1 for i in random.sample(range(ITEMS), relevant(u))} for u in range(USERS)}
    return run, labels


def matrix(cells):
    own = np.zeros((USERS, ITEMS))
    for user, items in cells.items():
        for item, value in items.items():
            own[int(user[1:]), int(item[1:])] = value
    return csr_matrix(own)


def per_user(metric):
    results = metric.results.groupby("user_id")["score"].sum()
    return {f"u{int(user)}": float(value) for user, value in results.items()}


def case(name, about, relevant, single):
    run, labels = made(relevant)
    true, predicted = matrix(labels), matrix(run)
    expected = []
    for k in K:
        for metric, known in [*NAMES.items(), ("hit_rate", HitK)]:
            found = known(k)
            found.calculate(true, predicted)
            source = f"RecPack 0.3.6 {known.__name__}"
            row = {"metric": metric, "k": k, "values": per_user(found), "mean": float(found.value), "source": source}
            if metric == "hit_rate" and not single:
                row["use"] = "not a target: HitK counts hits, and several are relevant"
            expected.append(row)
        found = CoverageK(k)
        found.calculate(true, predicted)
        expected.append({"metric": "coverage", "k": k, "value": float(found.value), "source": "RecPack 0.3.6 CoverageK"})
    catalogue = [f"i{i}" for i in range(ITEMS)]
    return {"id": name, "about": about, "inputs": {"run": run, "labels": labels, "catalogue": catalogue}, "expected": expected}


print(json.dumps({
    "topic": "metrics of top-K lists by RecPack", "set": "recpack", "seed": 20261125, "generated": "2026-11-25",
    "libraries": {"recpack": "0.3.6", "numpy": np.__version__}, "tolerance": {"absolute": 1e-09},
    "cases": [
        case("several", "users with 1 to 13 relevant items, one with none", lambda u: [4, 1, 13, 0, 2, 6, 3, 5][u], False),
        case("one", "users with one relevant item each, and two with none", lambda u: 0 if u in (2, 5) else 1, True),
    ]}))
