import type { DescribedColumn, DescribedFile } from "./described-file.ts";

/** A role of a column, in the words of `evaluation.columns`. */
export type ColumnRole =
  | "query"
  | "item"
  | "score"
  | "label"
  | "reward"
  | "propensity"
  | "unit"
  | "verdict"
  | "preference"
  | "first"
  | "repeat"
  | "judge"
  | "prompt"
  | "rank"
  | "distance";

/** Names by which columns are usually called, the surest first; letters and digits alone count. */
const usualNames = {
  query: [
    "queryid",
    "qid",
    "query",
    "q",
    "searchid",
    "requestid",
    "sessionid",
    "topicid",
    "topic",
    "userid",
    "uid",
    "user",
    "customerid",
    "visitorid",
  ],
  item: [
    "itemid",
    "documentid",
    "docid",
    "docno",
    "productid",
    "articleid",
    "listingid",
    "adid",
    "sku",
    "item",
    "document",
    "doc",
    "product",
    "rowid",
    "exampleid",
    "sampleid",
    "orderid",
    "eventid",
    "id",
    "userid",
    "customerid",
  ],
  score: [
    "score",
    "prediction",
    "predicted",
    "pred",
    "probability",
    "prob",
    "proba",
    "predictedscore",
    "predscore",
    "modelscore",
    "ypred",
    "yhat",
    "yprob",
    "yscore",
    "logit",
    "forecast",
    "estimate",
    "p",
  ],
  label: [
    "label",
    "grade",
    "relevance",
    "rel",
    "target",
    "groundtruth",
    "truth",
    "ytrue",
    "y",
    "clicked",
    "click",
    "isclick",
    "purchased",
    "purchase",
    "converted",
    "conversion",
    "actual",
    "rating",
    "outcome",
    "gain",
  ],
  reward: ["reward", "payoff", "outcome", "clicked", "click", "converted", "revenue", "label"],
  propensity: ["propensity", "propensityscore", "pscore", "loggedprobability", "loggingprobability", "actionprobability", "actionprob"],
  unit: ["unitid", "unit", "promptid", "questionid", "caseid", "exampleid", "sampleid", "conversationid", "itemid", "id"],
  verdict: ["score", "passed", "pass", "verdict", "grade", "rating", "correct"],
  preference: ["preference", "preferred"],
  first: ["shownfirst", "first"],
  repeat: ["repeat", "run", "trial", "attempt"],
  judge: ["judge", "judgemodel", "judgeid", "grader", "gradermodel"],
  prompt: ["judgeprompt", "graderprompt", "rubric"],
  rank: ["rank", "place"],
  distance: ["distance", "dist"],
} as const satisfies Record<ColumnRole, readonly string[]>;

/** Beginnings and ends that tell, where no name does: `ranker_score`, `is_fraud`. */
const tellingNames: Readonly<Partial<Record<ColumnRole, RegExp>>> = {
  query: /^(?:query|search)/,
  score: /(?:score|prob|probability|pred|prediction)$/,
  label: /^(?:label|target|is[a-z])|(?:label|grade|target)$/,
};

const identifiers: ReadonlySet<string> = new Set([...usualNames.query, ...usualNames.item]);

export type ColumnGuess =
  | { readonly kind: "guessed"; readonly column: string }
  /** None, or several of which no one is surer. */
  | { readonly kind: "unsure"; readonly among: readonly string[] };

/**
 * Which column of the files holds a role.
 *
 * @param files in which it must be, each of them
 * @param taken columns that hold another role
 */
export function guessColumn(role: ColumnRole, files: readonly DescribedFile[], taken: readonly string[]): ColumnGuess {
  const [first, ...others] = files;
  const fitting = (first?.columns ?? []).filter(
    (column) =>
      !taken.includes(column.name) && fits(role, column) && others.every((file) => file.columns.some(({ name }) => name === column.name)),
  );
  for (const usual of usualNames[role]) {
    const isNamed = ({ name }: DescribedColumn): boolean => plain(name) === usual;
    const named = fitting.find(isNamed);
    if (named !== undefined && named === fitting.findLast(isNamed)) return { kind: "guessed", column: named.name };
  }
  const telling = fitting.filter((column) => tells(role, column));
  const [only] = telling.length > 0 ? telling : fitting;
  const sole = telling.length === 1 || (telling.length === 0 && fitting.length === 1 && role === "score");
  if (only !== undefined && sole) return { kind: "guessed", column: only.name };
  return { kind: "unsure", among: (telling.length > 0 ? telling : fitting).map(({ name }) => name) };
}

function fits(role: ColumnRole, { name, type }: DescribedColumn): boolean {
  if (role === "score" || role === "propensity" || role === "rank" || role === "distance") return type === "number";
  if (role === "label" && identifiers.has(plain(name))) return false;
  return type !== "other";
}

/** What happened or did not (`churned`, `booked`) is what models predict. */
function tells(role: ColumnRole, { name, distinct }: DescribedColumn): boolean {
  return tellingNames[role]?.test(plain(name)) === true || (role === "label" && distinct === 2 && plain(name).endsWith("ed"));
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
