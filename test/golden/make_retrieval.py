"""Golden numbers of recall against exact neighbours, and of the agreement of two arms.

python test/golden/make_retrieval.py > test/golden/retrieval.json     (with numpy 1.26.4, scipy 1.17.1)

300 points with small whole coordinates, so that exact distances tie; one arm ranks by the exact distance (baseline), one by the distance of
points that were quantised to three levels (candidate). Recall is counted in sets, `within` as ann-benchmarks does (every item no farther
than the k-th exact one, epsilon 0, distances as the labels list them); tau is scipy.stats.kendalltau of the two places, k + 1 where an arm
does not show the item.
"""

import json

import numpy
import scipy.stats

rng = numpy.random.default_rng(20261125)
POINTS, QUERIES, LISTED, EXACT = 300, 12, 25, 15
points = rng.integers(0, 6, size=(POINTS, 5))
queries = rng.integers(0, 6, size=(QUERIES, 5))
coarse = (points // 2) * 2 + 0.5
names = [f"p{i}" for i in range(POINTS)]


def squared(rows, query):
    return ((rows - query) ** 2).sum(axis=1)


labels, run = [], {"candidate": {}, "baseline": {}}
for n, query in enumerate(queries):
    q = f"q{n:02d}"
    exact = squared(points, query)
    order = sorted(range(POINTS), key=lambda i: (exact[i], names[i]))
    last = exact[order[EXACT - 1]]
    for rank, i in enumerate(order, start=1):
        if exact[i] <= last:
            labels.append({"query": q, "item": names[i], "rank": rank, "distance": int(exact[i])})
    for arm, distance in (("baseline", exact), ("candidate", squared(coarse, query))):
        best = sorted(range(POINTS), key=lambda i: (-distance[i], names[i].encode()), reverse=True)[:LISTED]
        run[arm][q] = {names[i]: -float(distance[i]) for i in best}


def top(arm, q, k):
    return sorted(run[arm][q], key=lambda d: (run[arm][q][d], d.encode()), reverse=True)[:k]


def recall(q, k, neighbours, arm):
    own = [r for r in labels if r["query"] == q]
    kth = sorted(r["distance"] for r in own)[k - 1]
    near = {r["item"] for r in own if (r["rank"] <= k if neighbours == "first" else r["distance"] <= kth)}
    return len(near & set(top(arm, q, k))) / k


def overlap(q, k):
    return len(set(top("candidate", q, k)) & set(top("baseline", q, k))) / k


def tau(q, k):
    x, y = top("candidate", q, k), top("baseline", q, k)
    place = lambda shown, d: shown.index(d) + 1 if d in shown else k + 1
    items = sorted(set(x) | set(y))
    return float(scipy.stats.kendalltau([place(x, d) for d in items], [place(y, d) for d in items]).statistic)


expected = []
for k in (1, 5, 10):
    for neighbours in ("first", "within"):
        for arm in ("candidate", "baseline"):
            values = {q: recall(q, k, neighbours, arm) for q in run[arm]}
            expected.append({"metric": "neighbour_recall", "k": k, "convention": {"neighbours": neighbours}, "arm": arm, "values": values,
                             "source": "definition, in sets"})
    expected.append({"metric": "overlap", "k": k, "values": {q: overlap(q, k) for q in run["candidate"]}, "source": "definition, in sets"})
    if k > 1:
        expected.append({"metric": "kendall_tau", "k": k, "values": {q: tau(q, k) for q in run["candidate"]},
                         "source": "scipy 1.17.1 scipy.stats.kendalltau"})

print(json.dumps({
    "topic": "recall against exact neighbours, agreement of two arms", "set": "retrieval", "seed": 20261125, "generated": "2026-11-25",
    "libraries": {"python": "3.11.7", "numpy": numpy.__version__, "scipy": "1.17.1"}, "tolerance": {"absolute": 1e-9},
    "cases": [{"id": "quantised-index", "about": "an index of quantised points against exact search, with ties in the exact distance",
               "inputs": {"labels": labels, "candidate": run["candidate"], "baseline": run["baseline"]}, "expected": expected}],
}))
