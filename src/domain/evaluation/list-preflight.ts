import type { PreflightFinding } from "./report.ts";
import type { ListFacts, ScoredTable } from "./scored-table.ts";

type Arm = "candidate" | "baseline";

/** What the lists themselves tell, whatever the labels: how long they are, whether they are in any order, whether they know the answers. */
export function listPreflight(
  { facts: { lists, labels, cutoffs, labelsAreNeighbours } }: ScoredTable,
  allowed: NegativeLabels,
): readonly PreflightFinding[] {
  const arms: readonly (readonly [Arm, ListFacts])[] = [
    ["candidate", lists.candidate],
    ...(lists.baseline === null ? [] : [["baseline", lists.baseline] as const]),
  ];
  const deepest = Math.max(0, ...cutoffs.map(({ k }) => k));
  return [
    ...rowsPerQuery(arms, deepest),
    ...arms.flatMap(([arm, facts]) => allTied(arm, facts)),
    ...(labelsAreNeighbours === true ? [] : arms.flatMap(([arm, facts]) => likeLabels(arm, facts))),
    ...negativeLabels(labels, allowed),
  ];
}

/** Lists that all end at one same place before the deepest cutoff were cut before they were scored: then metric@k is not of k places. */
function rowsPerQuery(arms: readonly (readonly [Arm, ListFacts])[], deepest: number): readonly PreflightFinding[] {
  const written = arms.map(([arm, { shortest, median, longest }]) => `${shortest}, ${median} and ${longest} in the ${arm}`).join("; ");
  const cut = arms.filter(([, { queries, shortest, longest }]) => queries > 1 && shortest === longest && longest > 1 && longest < deepest);
  const code = "rows-per-query";
  const spread = `Rows per query (fewest, median, most): ${written}.`;
  if (cut.length === 0) return [{ code, verdict: "pass", message: spread }];
  const who = cut.map(([arm, { longest }]) => `the ${arm}'s after ${longest}`).join(", ");
  const message = `${spread} Lists end everywhere at one place before the cutoff ${deepest}: ${who}. They were probably cut before they were scored; write at least ${deepest + 1} rows a query.`;
  return [{ code, verdict: "inconclusive", message }];
}

function allTied(arm: Arm, { tied, queries }: ListFacts): readonly PreflightFinding[] {
  if (!tied) return [];
  const message = `In each of the ${arm}'s ${queries} queries all scores are equal, so only the ids would be ranked. Check the score column, and make the ${arm}'s predictions again.`;
  return [{ code: "scores-all-tied", verdict: "error", message }];
}

/** A model that knows the answers exactly has probably been shown them. */
function likeLabels(arm: Arm, { likeLabels: like, queries }: ListFacts): readonly PreflightFinding[] {
  if (like === null) return [];
  if (like === "equal") {
    const message = `The ${arm}'s score equals the label of every judged item in ${queries} queries: is the label among the model's inputs, or the wrong column named in columns.score?`;
    return [{ code: "score-equals-label", verdict: "error", message }];
  }
  const message = `The ${arm}'s scores put the items of ${queries} queries into exactly the order of their labels, without one exception: look whether the label is among the model's inputs.`;
  return [{ code: "scores-order-as-labels", verdict: "inconclusive", message }];
}

/** Whether a grade below 0 may be a judgement (as TREC's files have it), or is taken for a mark of something else. */
export type NegativeLabels = "refused" | "worthless";

function negativeLabels({ count, negative }: ScoredTable["facts"]["labels"], allowed: NegativeLabels): readonly PreflightFinding[] {
  if (negative === 0) return [];
  const what = `${negative} of ${count} labels are negative`;
  if (allowed === "worthless") {
    const message = `${what}: worth nothing in every metric, and unjudged in bpref, as evaluation.negativeLabels says.`;
    return [{ code: "labels-negative", verdict: "pass", message }];
  }
  const message = `${what}, and a grade below 0 may mark what is missing as well as what is bad. Leave those rows out, write 0, or set evaluation.negativeLabels: worthless (worth nothing in every metric, unjudged in bpref).`;
  return [{ code: "labels-negative", verdict: "error", message }];
}
