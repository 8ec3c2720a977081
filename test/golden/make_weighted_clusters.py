"""Golden numbers of a mean of paired differences weighted by traffic, with and without clusters.

python test/golden/make_weighted_clusters.py > test/golden/weighted-clusters.json     (with statsmodels, numpy 1.26.4)

statsmodels: WLS of the differences on a constant with the weights, cov_type="cluster" (groups: the clusters, or each unit its own), use_t with
clusters - 1 degrees of freedom. Its small-sample factor G/(G-1) * (n-1)/(n-k) is G/(G-1) for one constant.
"""

import json

import numpy
import statsmodels
import statsmodels.api as sm

rng = numpy.random.default_rng(20261125)
CLUSTERS, UNITS = 40, 150
cluster = rng.integers(0, CLUSTERS, size=UNITS)
effect = rng.normal(0, 0.1, size=CLUSTERS)
baseline = numpy.clip(rng.normal(0.5, 0.2, size=UNITS), 0, 1).round(4)
candidate = numpy.clip(baseline + 0.03 + effect[cluster] + rng.normal(0, 0.05, size=UNITS), 0, 1).round(4)
weight = rng.zipf(1.7, size=UNITS).clip(1, 500).astype(float)
difference = candidate - baseline


def fitted(groups, weights):
    model = sm.WLS(difference, numpy.ones(UNITS), weights=weights)
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": groups, "df_correction": True}, use_t=True)
    low, high = fit.conf_int(alpha=0.05)[0]
    return {"mean": float(fit.params[0]), "standard_error": float(fit.bse[0]), "df": int(len(set(groups)) - 1),
            "interval_95": [float(low), float(high)], "source": f"statsmodels {statsmodels.__version__} WLS on a constant, cov_type=cluster, use_t"}


ones = numpy.ones(UNITS)
expected = []
for weighted in (True, False):
    for clustered in (True, False):
        row = fitted(cluster if clustered else numpy.arange(UNITS), weight if weighted else ones)
        expected.append({"weighted": weighted, "clustered": clustered, **row})

print(json.dumps({
    "topic": "a weighted mean of paired differences in clusters", "set": "weights", "seed": 20261125, "generated": "2026-11-25",
    "libraries": {"python": "3.11.7", "numpy": numpy.__version__, "statsmodels": statsmodels.__version__}, "tolerance": {"relative": 1e-9},
    "cases": [{"id": "traffic", "about": "150 queries weighted by their traffic, in 39 clusters",
               "inputs": {"cluster": [int(c) for c in cluster], "weight": weight.tolist(), "candidate": candidate.tolist(),
                          "baseline": baseline.tolist()}, "expected": expected}],
}))
