"""Golden numbers of latencies: quantiles by NumPy, and scipy's t interval of the log ratio of quantiles over blocks.

python test/golden/make_latency.py > test/golden/latency.json
"""

import json
import sys

import numpy as np
import scipy
import scipy.stats as st

rng=np.random.default_rng(20261125)
def case(id,about,blocks,n,q,ratio):
    cand, base = [], []
    for b in range(blocks):
        pace=20*np.exp(0.08*rng.standard_normal())
        base.append([round(float(x),3) for x in pace*np.exp(0.3*rng.standard_normal(n))])
        cand.append([round(float(x),3) for x in pace*ratio*np.exp(0.3*rng.standard_normal(n))])
    Q=lambda v: float(np.quantile(np.array(v),q,method="inverted_cdf"))
    d=np.log([Q(c) for c in cand])-np.log([Q(b) for b in base])
    t=st.ttest_1samp(d,0.0); ci=t.confidence_interval(0.95)
    allc=[x for c in cand for x in c]; allb=[x for b in base for x in b]
    return {"id":id,"about":about,"inputs":{"q":q,"candidate":cand,"baseline":base},"expected":[
      {"method":"quantile","source":f"numpy {np.__version__} quantile(method=inverted_cdf)","candidate":Q(allc),"baseline":Q(allb)},
      {"method":"mean-log-ratio-of-blocks","source":f"scipy {scipy.__version__} stats.ttest_1samp","value":float(d.mean()),"standardError":float(d.std(ddof=1)/np.sqrt(len(d))),"degreesOfFreedom":len(d)-1,"lower":float(ci.low),"upper":float(ci.high)}]}
cases=[case("p50-30-blocks","30 blocks of 30 requests each, median",30,30,0.5,1.0),case("p90-32-blocks","32 blocks of 100 requests each, 90 % quantile, candidate 4 % slower",32,100,0.9,1.04)]
json.dump({"topic":"operational","set":"latency","seed":20261125,"generated":"2026-11-25","libraries":{"numpy":np.__version__,"scipy":scipy.__version__},"tolerance":1e-9,"cases":cases},sys.stdout)
