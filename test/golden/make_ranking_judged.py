"""Golden numbers of metrics over judged items alone (condensed lists), by ir-measures' judged_only.

python test/golden/make_ranking_judged.py > test/golden/ranking-judged.json     (with ir-measures 0.4.3, pytrec_eval-terrier 0.5.11)

Labels and run are those of the case unjudged in ranking-small.json.
"""

import json
import pathlib

import ir_measures
from ir_measures import AP, P, nDCG

cases = json.loads((pathlib.Path(__file__).parent / "ranking-small.json").read_text())["cases"]
inputs = next(case["inputs"] for case in cases if case["id"] == "unjudged")
wanted = [("ndcg", 5, nDCG(judged_only=True) @ 5), ("ndcg", 10, nDCG(judged_only=True) @ 10), ("precision", 5, P(judged_only=True) @ 5),
          ("map", None, AP(judged_only=True))]
expected = [{"metric": name, "k": k, "values": {r.query_id: r.value for r in ir_measures.iter_calc([measure], inputs["qrels"], inputs["run"])},
             "source": f"ir-measures 0.4.3 {measure}"} for name, k, measure in wanted]
print(json.dumps({
    "topic": "ranking metrics over judged items alone", "set": "judged", "seed": None, "generated": "2026-11-25",
    "libraries": {"ir-measures": "0.4.3", "pytrec_eval-terrier": "0.5.11"}, "tolerance": {"absolute": 1e-09},
    "cases": [{"id": "condensed", "about": "unjudged items taken out before anything is measured", "inputs": inputs, "expected": expected}]}))
