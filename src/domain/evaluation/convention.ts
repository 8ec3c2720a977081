/** What each grade is worth. A grade of 0 or less is worth nothing, a higher one never less than a lower one. */
export type GainMap = { readonly [grade: string]: number };

/** One column of the catalogue and the value that the items of the group have there: `{provider: acme}`. */
export type ItemGroup = { readonly [column: string]: string };

/** How a metric treats what implementations disagree on; printed in the report, so that two numbers can be compared. */
export type Convention = {
  /** What a grade is worth: itself, 2^grade - 1, 1 when relevant, or what a map says. Negative grades are worth nothing. */
  readonly gain: "linear" | "exp2" | "binary" | GainMap;
  /** The best list to compare with: of all judged items, of the listed ones, k places that gain 1 each, or none at all. */
  readonly ideal: "judged" | "retrieved" | "full_k" | "none";
  /**
   * What hits are divided by: all relevant items, at most k of them (capped), k, or the places that the list fills, at most k (listed).
   * Of Gini: the number of items, or one less, so that one item that gets all is worth 1.
   */
  readonly divisor: "relevant" | "capped" | "k" | "listed" | "items" | "items_less_one";
  /** How much a unit counts in the mean: by its judged items (impressions), by its relevant ones, or like any other. */
  readonly weight: "impressions" | "relevant" | "equal";
  /** The column that is read. */
  readonly column: string;
  /** What a place down the list is still worth: as much as the first, or 1 / log2(place + 1). */
  readonly discount: "none" | "log2";
  /** A relevant label counts as it is, or 1 / the propensity with which it could be seen (inverse propensity scoring). */
  readonly clicks: "plain" | "ips";
  /** The most that one label can count by its propensity: less variance for some bias. Labels that it cuts are counted. */
  readonly clip: number | "none";
  /** Exact neighbours are the first k of them, or all that are no farther than the k-th: the same but for ties. */
  readonly neighbours: "first" | "within";
  /** How likely the reader of rank-biased precision goes on to the next place. */
  readonly p: number;
  /** The best grade that the labels' schema allows: never read from the data, or the two arms could be measured by two rules. */
  readonly maxGrade: number;
  /** The least grade that counts as relevant in binary metrics and that a unit must have to count at all. */
  readonly minRel: number;
  /** Whether minRel is for binary metrics only, or lower grades gain nothing in graded metrics either. */
  readonly level: "binary" | "everywhere";
  /** Order among equal scores: item id by UTF-8 bytes, mean over all orders, or the least relevant first. */
  readonly ties: "id_desc" | "id_asc" | "average" | "worst";
  /** How many users the popularity column counts; 0: not said. */
  readonly users: number;
  /** Which items are counted: all, or those of one group, a column of the catalogue and its value. */
  readonly items: "all" | ItemGroup;
  /** Popularity as it is, its logarithm ln(1 + popularity), or as a share of the most popular item's. */
  readonly scale: "count" | "log1p" | "of_most_popular";
  /** An item that nobody took counts as popularity 0, as taken by one user, as rarer than all taken ones, or is left out of the list. */
  readonly unseen: "zero" | "one" | "rarest" | "skip";
  /** The items that are counted: all of the catalogue, those that somebody took before, or those that are recommended to somebody here. */
  readonly over: "catalogue" | "taken_only" | "recommended_only";
  /** How far two items are apart: 1 if their categories differ, or by their vectors. */
  readonly distance: "category" | "hamming" | "euclidean" | "cosine";
  /** How alike two lists are: items in common by all items of both, or by the items of the longer one. */
  readonly similarity: "jaccard" | "overlap";
  /** An item without a label counts as irrelevant, or is taken out of the list, so that only judged items are ranked. */
  readonly unjudged: "irrelevant" | "skip";
  /** The precision in which scores are compared: two that differ beyond it are equal. */
  readonly scores: "float64" | "float32";
  /** A unit in which nothing is relevant is left out and counted, worth 0 or 1, or makes the evaluation invalid. */
  readonly noRelevant: "skip" | "zero" | "one" | "error";
  /** A labelled query that the predictions lack is worth 0, left out of both arms, or makes the evaluation invalid. */
  readonly missing: "zero" | "intersect" | "error";
};

export const defaultConvention: Convention = {
  gain: "linear",
  ideal: "judged",
  divisor: "k",
  weight: "impressions",
  column: "value",
  discount: "none",
  clicks: "plain",
  clip: "none",
  neighbours: "first",
  p: 0.8,
  maxGrade: 4,
  minRel: 1,
  level: "binary",
  users: 0,
  items: "all",
  scale: "count",
  unseen: "zero",
  over: "catalogue",
  distance: "category",
  similarity: "jaccard",
  ties: "id_desc",
  unjudged: "irrelevant",
  scores: "float64",
  noRelevant: "skip",
  missing: "zero",
};

export type OptionName = keyof Convention;

/** In the order in which they are printed. */
export const optionNames = [
  "gain",
  "ideal",
  "divisor",
  "weight",
  "column",
  "discount",
  "neighbours",
  "p",
  "maxGrade",
  "minRel",
  "users",
  "items",
  "scale",
  "unseen",
  "over",
  "distance",
  "similarity",
  "ties",
  "clicks",
  "clip",
  "level",
  "unjudged",
  "scores",
  "noRelevant",
  "missing",
] as const satisfies readonly OptionName[];

/**
 * The options of a metric, with the values that it has a definition for; "number" where any (positive) number is one, "map" a
 * {@link GainMap}, "text" any name, "group" an {@link ItemGroup}.
 */
export type FamilyOptions = { readonly [name in OptionName]?: readonly string[] };

/** What every metric of ranked lists lets one choose. */
export const rankingOptions = {
  scores: ["float64", "float32"],
  noRelevant: ["skip", "zero", "one", "error"],
  missing: ["zero", "intersect", "error"],
} as const satisfies FamilyOptions;

/** For metrics that can look at the relevant items of one provider or segment alone. */
export const groupOption = { items: ["all", "group"] } as const satisfies FamilyOptions;

/** For metrics of which the judged items alone make a list of their own. */
export const judgedOption = { unjudged: ["irrelevant", "skip"] } as const satisfies FamilyOptions;

/** For metrics that can count clicks by how likely they could be seen. */
export const clickOptions = { clicks: ["plain", "ips"], clip: ["none", "number"] } as const satisfies FamilyOptions;

/** Why these options make no sense together, where terms are weighted by 1 / propensity. */
export function clickConflict({ clicks, clip, ties }: Convention): string | null {
  if (clicks === "plain") return clip === "none" ? null : "clip cuts inverse propensities: it needs clicks ips";
  return ties === "worst" ? "ties worst orders by relevance, and with clicks ips relevant items differ in what they count" : null;
}

export const idOrders = ["id_desc", "id_asc", "worst"] as const;
/** Where no label is looked at. */
export const blindOrders = ["id_desc", "id_asc"] as const;
export const allOrders = ["id_desc", "id_asc", "average", "worst"] as const;
export const namedGains = ["linear", "exp2", "binary", "map"] as const;

/** Says what is wrong with an option that a metric does not have, or has no such value for. */
export function optionProblem(family: string, options: FamilyOptions, written: Partial<Convention>): string | null {
  for (const name of optionNames) {
    const value = written[name];
    if (value === undefined) continue;
    const allowed = options[name];
    const metric = `metric ${JSON.stringify(family)}`;
    if (allowed === undefined)
      return `The ${metric} has no option ${name}; it has ${optionNames.filter((own) => options[own] !== undefined).join(", ")}.`;
    if (!allows(allowed, value)) return `Option ${name} of ${metric} is ${listed(allowed)}, not ${optionText(value)}.`;
  }
  return null;
}

/** What of a preset concerns a metric: options that it has, with values that it has. */
export function applicable(options: FamilyOptions, preset: Partial<Convention>): Partial<Convention> {
  const kept = optionNames.filter((name) => {
    const value = preset[name];
    return value !== undefined && allows(options[name] ?? [], value);
  });
  return pick(preset, kept);
}

function allows(allowed: readonly string[], value: Convention[OptionName]): boolean {
  if (typeof value === "string") return allowed.includes(value) || allowed.includes("text");
  return typeof value === "number" ? allowed.includes("number") : allowed.includes("map") || allowed.includes("group");
}

const notSaid: Partial<Convention> = { users: 0, items: "all" };
const unusualOnly: ReadonlySet<OptionName> = new Set(["clicks", "clip", "level", "unjudged", "scores", "noRelevant", "missing"]);

/** The part of a convention that matters for a metric, as a report prints it: the rare choices only where they are not the default. */
export function printedConvention(options: FamilyOptions, convention: Convention): Readonly<Record<string, string | number>> {
  const levelMatters = options.gain === undefined || convention.gain === "binary" || convention.level === "everywhere";
  const shown = optionNames.filter((name) => {
    if (options[name] === undefined) return false;
    if (name === "minRel") return levelMatters;
    if (name === "column" && options.over !== undefined) return convention.over === "taken_only";
    if (convention[name] === notSaid[name]) return false;
    return !unusualOnly.has(name) || convention[name] !== defaultConvention[name];
  });
  return Object.fromEntries(shown.map((name) => [name, printedOption(convention[name])]));
}

/** They say where the data is, as `columns` does, and not how it is counted. */
const namesOfData: ReadonlySet<OptionName> = new Set(["column", "users"]);

/** Whether two conventions give a metric the same numbers, of the same data. */
export function sameConvention(options: FamilyOptions, left: Convention, right: Convention): boolean {
  return optionNames.every(
    (name) => options[name] === undefined || namesOfData.has(name) || optionText(left[name]) === optionText(right[name]),
  );
}

/** An option's default for people; some have none, for only the model knows. */
export function usualText(name: OptionName, allowed: readonly string[], usual: Convention): string {
  const unsaid = usual[name] === notSaid[name] && !allowed.includes("all");
  return unsaid ? "must be said" : optionText(usual[name]);
}

/** The column and the value of a group of items; null for all items. */
export function groupOf(items: Convention["items"]): readonly [column: string, value: string] | null {
  return items === "all" ? null : (Object.entries(items)[0] ?? null);
}

export function optionText(value: Convention[OptionName]): string {
  return String(printedOption(value));
}

function printedOption(value: Convention[OptionName]): string | number {
  if (typeof value !== "object") return value;
  const byGrade = Object.entries(value).toSorted(([a], [b]) => Number(a) - Number(b));
  return byGrade.map(([grade, gain]) => `${grade}:${gain}`).join(" ");
}

type Written = { readonly [name in OptionName]?: Convention[name] | undefined };

/** The named options, as far as they are written. */
export function pick(from: Written, names: readonly OptionName[]): Partial<Convention> {
  return Object.fromEntries(Object.entries(from).filter(([name, value]) => value !== undefined && names.some((kept) => kept === name)));
}

function listed(values: readonly string[]): string {
  const shown = values.map(
    (value) => ({ number: "a number", map: "a map from grade to gain", text: "a name", group: "a column and its value" })[value] ?? value,
  );
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}`;
}
