"""Golden numbers of value@k and of clicks weighted by 1 / propensity, by definition.

python test/golden/make_ranking_value.py > test/golden/ranking-value.json     (with recpack 0.3.6, numpy 1.26.4, scipy 1.17.1)

Plain Python: sums of rationals are exact (fractions), sums with logarithms are rounded once (math.fsum). The rows with propensities `share`
are RecPack's IPSHitRateK, fitted as it asks, on the true interactions: an item's propensity is its share of them.
"""

import json
import math
import random
from fractions import Fraction

import scipy.sparse
from recpack.metrics import IPSHitRateK

random.seed(20261125)
QUERIES, ITEMS, LISTED = 6, 12, 8


def made():
    rows, run = [], {}
    for q in range(1, QUERIES + 1):
        items = [f"d{i}" for i in range(1, ITEMS + 1)]
        random.shuffle(items)
        run[f"q{q}"] = {d: round(random.uniform(-2, 2), 3) for d in items[:LISTED]}
        for d in random.sample(items, 9):
            grade = random.choice([0, 0, 1, 1, 2]) if q < QUERIES else 0
            rows.append({
                "query": f"q{q}", "item": d, "grade": grade,
                "revenue": random.choice([0, 4.99, 19.5, 250, 12000.25]),
                "margin": random.choice([-8.25, -0.5, 0.125, 3, 40]),
                "propensity": random.choice([1, 0.5, 0.25, 0.05, 0.00005]),
                "position": random.randint(1, 5),
            })
    return rows, run


rows, run = made()
clicked = [r["item"] for r in rows if r["grade"] >= 1]
for r in rows:
    r["share"] = clicked.count(r["item"]) / len(clicked) or 1
CURVE = [1, 0.6, 0.4, 0.25, 0.2]
by_query = {q: {r["item"]: r for r in rows if r["query"] == q} for q in run}


def top(q, k):
    order = sorted(run[q], key=lambda d: (run[q][d], d.encode()), reverse=True)
    return order[:k]


def weight(row, how, clip):
    p = {"propensity": lambda: Fraction(row["propensity"]), "curve": lambda: Fraction(CURVE[row["position"] - 1]),
         "power": lambda: Fraction(1) / row["position"]}[how]()
    w = 1 / p
    return w if clip is None else min(w, Fraction(clip))


def relevant(q, d):
    row = by_query[q].get(d)
    return row is not None and row["grade"] >= 1


def discounted(terms):
    return math.fsum(float(t) / math.log2(i + 2) for i, t in enumerate(terms))


def summed(terms):
    return float(sum(terms, Fraction(0)))


def value_at(q, k, column, discount, ideal):
    total = discounted if discount == "log2" else summed
    shown = total([Fraction(by_query[q][d][column]) if relevant(q, d) else Fraction(0) for d in top(q, k)])
    if ideal == "none":
        return shown if any(relevant(q, d) for d in by_query[q]) else None
    worth = sorted((Fraction(r[column]) for d, r in by_query[q].items() if relevant(q, d) and r[column] > 0), reverse=True)[:k]
    return shown / total(worth) if worth else None


def ips(q, metric, k, how, clip):
    every = [d for d in by_query[q] if relevant(q, d)]
    if not every:
        return None
    w = lambda d: weight(by_query[q][d], how, clip) if relevant(q, d) else Fraction(0)
    shown = top(q, k)
    if metric == "hit_rate":
        return summed([w(d) for d in shown])
    if metric == "recall":
        return float(sum(w(d) for d in shown) / sum(w(d) for d in every))
    if metric == "dcg":
        return discounted([w(d) * by_query[q][d]["grade"] if relevant(q, d) else 0 for d in shown])
    first = next((i + 1 for i, d in enumerate(shown) if relevant(q, d)), None)
    return 0.0 if first is None else 1 / first


def mean_of(values, weights=None):
    kept = [(v, 1 if weights is None else weights[q]) for q, v in values.items() if v is not None]
    return math.fsum(v * float(w) for v, w in kept) / math.fsum(float(w) for _, w in kept)


expected = []
for column in ["revenue", "margin"]:
    for discount in ["none", "log2"]:
        for ideal in ["none", "judged"]:
            for k in [3, 10]:
                values = {q: value_at(q, k, column, discount, ideal) for q in run}
                expected.append({"metric": "value", "k": k, "convention": {"column": column, "discount": discount, "ideal": ideal},
                                 "values": values, "mean": mean_of(values), "source": "definition"})
for how in ["propensity", "curve", "power"]:
    for metric in ["hit_rate", "recall", "dcg", "mrr"]:
        for clip in [None, 3, 10000]:
            k = 5
            values = {q: ips(q, metric, k, how, clip) for q in run}
            weights = None
            if metric == "mrr":
                weights = {q: sum((weight(r, how, clip) for d, r in by_query[q].items() if relevant(q, d)), Fraction(0)) for q in run}
            clipped = 0 if clip is None else sum(
                weight(r, how, None) > clip for q in run for d, r in by_query[q].items() if relevant(q, d))
            expected.append({"metric": metric, "k": k, "convention": {"clicks": "ips", "clip": "none" if clip is None else clip},
                             "propensities": how, "values": values, "mean": mean_of(values, weights), "clipped": clipped,
                             "source": "definition"})



def recpack_hit_rate(k):
    users = [q for q in run if any(relevant(q, d) for d in by_query[q])]
    items = sorted({r["item"] for r in rows} | {d for q in run for d in run[q]})
    true = scipy.sparse.lil_matrix((len(users), len(items)))
    scores = scipy.sparse.lil_matrix((len(users), len(items)))
    for i, q in enumerate(users):
        for d in by_query[q]:
            if relevant(q, d):
                true[i, items.index(d)] = 1
        for d, s in run[q].items():
            scores[i, items.index(d)] = s + 10  # RecPack takes a score of 0 for an item that is not listed
    metric = IPSHitRateK(k)
    metric.fit(true.tocsr())
    metric.calculate(true.tocsr(), scores.tocsr())
    sums = [float(x) for x in metric.scores_.sum(axis=1).flatten().tolist()[0]]
    return {**{q: None for q in run}, **dict(zip(users, sums))}, float(metric.value)


for k in [1, 5]:
    values, mean = recpack_hit_rate(k)
    expected.append({"metric": "hit_rate", "k": k, "convention": {"clicks": "ips", "clip": 10000}, "propensities": "share", "values": values,
                     "mean": mean, "source": "recpack 0.3.6 IPSHitRateK"})

print(json.dumps({
    "topic": "value of relevant items, and clicks weighted by 1 / propensity", "set": "value", "seed": 20261125, "generated": "2026-11-25",
    "libraries": {"python": "3.11.7", "recpack": "0.3.6", "numpy": "1.26.4", "scipy": "1.17.1"}, "tolerance": {"absolute": 1e-9},
    "cases": [{"id": "value-and-clicks", "about": "value@k with negative values and the ideal; hit rate, recall, DCG and MRR by propensity, curve and power",
               "inputs": {"labels": rows, "run": run, "curve": CURVE, "power": 1}, "expected": expected}],
}, indent=1))
