import type { ArmRows } from "#domain/evaluation/rows/arm-rows.ts";
import { aucOfScores, rowsOfClass } from "#domain/evaluation/rows/auc-of.ts";
import type { Linearised, NoValue, RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { influencesOf, noValue, totalWeight } from "#domain/evaluation/rows/row-sums.ts";
import type { Numbers } from "#domain/statistics/numbers.ts";

/** The AUC among several classes: each class against the rest, or each pair of classes. */
export const multiclassAucFamilies: readonly RowMetricFamily[] = [
  family("auc_ovr_macro", "each class against the rest, every class the same", (rows) => oneAgainstRest(rows, false)),
  family("auc_ovr_weighted", "each class against the rest, classes by how often they are true", (rows) => oneAgainstRest(rows, true)),
  family("auc_ovr_micro", "all classes' probabilities in one list", micro),
  family("auc_ovo_macro", "each pair of classes, both ways, every pair the same (Hand and Till 2001)", (rows) =>
    oneAgainstOne(rows, false),
  ),
  family("auc_ovo_weighted", "each pair of classes, both ways, pairs by how often they are true", (rows) => oneAgainstOne(rows, true)),
];

function family(name: string, how: string, of: (rows: ArmRows) => Linearised | NoValue): RowMetricFamily {
  return {
    family: name,
    title: `AUC among several classes, ${name.slice("auc_".length).replace("_", ", ")}`,
    about: `How well probabilities tell classes apart: ${how}.`,
    definition: `mean AUC: ${how}`,
    reference: "sklearn roc_auc_score(multi_class); interval from the rows' placements, as DeLong's",
    tasks: ["classification"],
    parameter: null,
    sklearn: false,
    define: () => ({
      better: "higher",
      range: { min: 0, max: 1 },
      decomposable: "u-statistic",
      input: "probabilities",
      printedConvention: { ties: "half" },
      estimator: { kind: "linearised", method: "linearised", of },
    }),
  };
}

type Term = { readonly auc: Linearised; readonly rows: readonly number[] | null; readonly classes: readonly number[] };

function oneAgainstRest(rows: ArmRows, weighted: boolean): Linearised | NoValue {
  const terms: Term[] = [];
  for (const [index, scores] of (rows.probabilities ?? []).entries()) {
    const auc = aucOfScores(rowsOfClass(rows.truth, index), scores, rows.weights);
    if (auc.kind === "undefined") return auc;
    terms.push({ auc, rows: null, classes: [index] });
  }
  return combined(rows, terms, weighted);
}

function oneAgainstOne(rows: ArmRows, weighted: boolean): Linearised | NoValue {
  const probabilities = rows.probabilities ?? [];
  const terms: Term[] = [];
  for (let a = 0; a < probabilities.length; a += 1)
    for (let b = a + 1; b < probabilities.length; b += 1) {
      const members = [...rows.truth.keys()].filter((row) => rows.truth[row] === a || rows.truth[row] === b);
      const pick = (values: Numbers): Numbers => members.map((row) => values[row] ?? 0);
      const weights = rows.weights === null ? null : pick(rows.weights);
      const ways = [a, b].map((own) =>
        aucOfScores(
          members.map((row) => rows.truth[row] === own),
          pick(probabilities[own] ?? []),
          weights,
        ),
      );
      const [one, other] = ways;
      if (one === undefined || one.kind === "undefined") return one ?? noValue("no-units");
      if (other === undefined || other.kind === "undefined") return other ?? noValue("no-units");
      const influences = one.influences.map((own, place) => (own + (other.influences[place] ?? 0)) / 2);
      terms.push({ auc: { kind: "value", value: (one.value + other.value) / 2, influences }, rows: members, classes: [a, b] });
    }
  return combined(rows, terms, weighted);
}

/** A mean of AUCs, each the same or by the share of rows it is about; the shares move with the rows too. */
function combined({ truth, weights }: ArmRows, terms: readonly Term[], weighted: boolean): Linearised | NoValue {
  if (truth.length === 0 || terms.length === 0) return noValue("no-units");
  const total = totalWeight(truth.length, weights);
  const inTerm = Array.from(truth, (label) => terms.flatMap(({ classes }, index) => (classes.includes(label) ? [index] : [])));
  const shares = terms.map(() => 0);
  inTerm.forEach((own, row) => {
    for (const index of own) shares[index] = (shares[index] ?? 0) + (weights?.[row] ?? 1) / total;
  });
  const all = weighted ? shares.reduce((sum, share) => sum + share, 0) : terms.length;
  const weightOf = terms.map((_, index) => (weighted ? (shares[index] ?? 0) : 1) / all);
  const value = terms.reduce((sum, { auc }, index) => sum + auc.value * (weightOf[index] ?? 0), 0);
  const influences = new Float64Array(truth.length);
  terms.forEach(({ auc, rows }, index) => {
    // Influences are scaled for the mean over their own rows: over all rows they weigh more.
    const scale = ((weightOf[index] ?? 0) * truth.length) / auc.influences.length;
    auc.influences.forEach((own, place) => {
      const row = rows === null ? place : (rows[place] ?? 0);
      influences[row] = (influences[row] ?? 0) + own * scale;
    });
  });
  if (!weighted) return { kind: "value", value, influences };
  const moved = inTerm.map((own) => own.reduce((sum, index) => sum + ((terms[index]?.auc.value ?? 0) - value) / all, 0));
  const byShare = influencesOf(moved, weights);
  return { kind: "value", value, influences: influences.map((own, row) => own + (byShare[row] ?? 0)) };
}

/** All classes' probabilities in one list; a row's influence is that of all its entries. */
function micro({ truth, probabilities, weights }: ArmRows): Linearised | NoValue {
  const ofClasses = probabilities ?? [];
  const auc = aucOfScores(
    ofClasses.flatMap((_, index) => Array.from(truth, (label) => label === index)),
    ofClasses.flatMap((own) => [...own]),
    weights === null ? null : ofClasses.flatMap(() => [...weights]),
  );
  if (auc.kind === "undefined") return auc;
  const influences = truth.map(
    (_, row) => ofClasses.reduce((sum, __, index) => sum + (auc.influences[index * truth.length + row] ?? 0), 0) / ofClasses.length,
  );
  return { kind: "value", value: auc.value, influences };
}
