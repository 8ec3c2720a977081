import { loggedWeights, offPolicy } from "#domain/evaluation/rows/logged-weights.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf, ratioOf } from "#domain/evaluation/rows/row-sums.ts";

const parameter = { name: "clip", required: false, kind: "positive", example: "10" } as const;
const guards = "no value with ESS / n below 1 %, a weight with 5 % of all, or mean(w) further than 3 standard errors from 1";

const common = { better: "higher", range: { min: null, max: null }, input: "logged" } as const;

function clipping(clip: number | null): Pick<ReturnType<RowMetricFamily["define"]>, "printedConvention" | "counts"> {
  if (clip === null) return { printedConvention: { clip: "none" } };
  return {
    printedConvention: { clip },
    counts: (rows) => ({ [`weights clipped to ${clip}`]: loggedWeights(rows).filter((weight) => weight > clip).length }),
  };
}

/** What the version would have earned a decision, from another policy's log. */
export const ips: RowMetricFamily = {
  family: "ips",
  title: "reward by inverse propensity scoring",
  about:
    "What the version would have earned a decision, from the log of another policy; unbiased, and of great variance where it acts differently.",
  definition: `mean of w r, w = the version's probability of the logged action / the logged one, cut to the clip where one is named; ${guards}`,
  reference: "Horvitz and Thompson 1952; obp InverseProbabilityWeighting; interval: F2",
  tasks: ["bandit"],
  parameter,
  sklearn: false,
  define: (clip) => ({
    ...common,
    ...clipping(clip),
    decomposable: "per-row-mean",
    estimator: {
      kind: "linearised",
      method: "mean",
      of: (rows) =>
        offPolicy(rows, clip, (weights) =>
          meanOf(
            weights.map((weight, row) => weight * (rows.truth[row] ?? 0)),
            rows.weights,
          ),
        ),
    },
  }),
};

/** The same, within the range of the rewards. */
export const snips: RowMetricFamily = {
  family: "snips",
  title: "reward by self-normalised inverse propensity scoring",
  about:
    "What the version would have earned a decision, from the log of another policy: steadier than ips and within the range of the rewards. The default.",
  definition: `sum of w r / sum of w, w as for ips; ${guards}`,
  reference: "Swaminathan and Joachims 2015; obp SelfNormalizedInverseProbabilityWeighting; interval: F3, with n / (n - 1)",
  tasks: ["bandit"],
  parameter,
  sklearn: false,
  define: (clip) => ({
    ...common,
    ...clipping(clip),
    decomposable: "ratio",
    estimator: {
      kind: "linearised",
      method: "ratio",
      of: (rows) =>
        offPolicy(rows, clip, (weights) =>
          ratioOf(
            weights.map((weight, row) => weight * (rows.truth[row] ?? 0)),
            weights,
            rows.weights,
            "too-few-effective",
          ),
        ),
    },
  }),
};
