import { byBytes } from "#domain/evaluation/by-bytes.ts";
import type { Convention } from "#domain/evaluation/convention.ts";
import type { Formula, RankTerm } from "#domain/evaluation/formula.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import { type Catalogue, meanDistance, sumOverItems } from "./catalogue-value.ts";

export type Item = { readonly id: string; readonly score: number };
type Grades = ReadonlyMap<string, number>;
/** What the labels of a query say beside the grade, and what is known of the items. */
export type Beside = {
  readonly catalogue: Catalogue;
  readonly worth: (item: string, column: string) => number;
  readonly propensity: (item: string) => number;
  /** The place of an exact neighbour among them. */
  readonly exactPlace: (item: string, neighbours: Convention["neighbours"]) => number;
  /** Both arms' lists of the query; null where an arm lacks it. */
  readonly arms: readonly (readonly Item[] | null)[];
};
const nothingBeside: Beside = { worth: () => 0, propensity: () => 1, exactPlace: () => Number.NaN, arms: [], catalogue: new Map() };

/** A metric of one query by its definition: plain sorting, plain sums. `list` is null where the arm lacks the query. */
export function metricValue(metric: Metric, list: readonly Item[] | null, labels: Grades, beside = nothingBeside): number | null {
  const { convention } = metric;
  const ranked = (list ?? []).filter(({ id }) => convention.unjudged === "irrelevant" || labels.has(id));
  const query = { convention, list: ranked, labels, listed: list !== null, beside };
  if (counts(metric, query)) return compute(metric.formula, query);
  return { skip: null, error: null, zero: 0, one: 1 }[metric.convention.noRelevant];
}

export function metricWeight({ weight, convention }: Metric, labels: Grades, beside = nothingBeside): number {
  if (weight === "clicks") {
    const query = { convention, list: [], labels, listed: true, beside };
    return [...labels.keys()].reduce((sum, item) => sum + worthOf("relevant", item, query), 0);
  }
  return weight === "impressions" ? labels.size : [...labels.values()].filter((grade) => grade >= convention.minRel).length;
}

/** How many labels are clipped; null where none can be. */
export function clippedCount({ convention }: Metric, labels: Grades, { propensity }: Beside): number | null {
  const { clicks, clip, minRel } = convention;
  if (clicks === "plain" || clip === "none") return null;
  return [...labels].filter(([item, grade]) => grade >= minRel && 1 / propensity(item) > clip).length;
}

function counts({ countsWith, convention }: Metric, query: Query): boolean {
  const { labels } = query;
  const grades = [...labels.values()];
  const relevant = grades.some((grade) => grade >= convention.minRel);
  switch (countsWith) {
    case "labels":
      return grades.length > 0;
    case "relevant":
      return relevant;
    case "gain":
      return grades.some((grade) => gainOf(grade, convention) > 0);
    case "value":
      return [...labels.keys()].some((item) => worthOf("value", item, query) > 0);
    case "both-classes":
      return relevant && grades.some((grade) => grade < convention.minRel);
  }
}

type Query = {
  readonly convention: Convention;
  readonly list: readonly Item[];
  readonly labels: Grades;
  readonly listed: boolean;
  readonly beside: Beside;
};

/** What a judged item counts by itself, whatever stands above it. */
function worthOf(value: "gain" | "relevant" | "value", item: string, { convention, labels, beside }: Query): number {
  const { minRel, column, clicks, clip } = convention;
  const grade = labels.get(item);
  if (grade === undefined) return 0;
  const isRelevant = grade >= minRel;
  const plain = { gain: gainOf(grade, convention), relevant: isRelevant ? 1 : 0, value: isRelevant ? beside.worth(item, column) : 0 }[
    value
  ];
  if (clicks === "plain" || plain === 0) return plain;
  return plain * Math.min(1 / beside.propensity(item), clip === "none" ? Number.POSITIVE_INFINITY : clip);
}

function compute(formula: Formula, query: Query): number {
  const { convention, list, labels } = query;
  const grades = [...labels.values()];
  const relevant = grades.filter((grade) => grade >= convention.minRel).length;
  switch (formula.kind) {
    case "constant":
      return formula.value;
    case "sum-over-top": {
      const depth = { all: list.length, "relevant-count": relevant }[String(formula.depth)] ?? Number(formula.depth);
      return discountedSum(valuesOf(formula.term, query).slice(0, depth), formula.term, convention);
    }
    case "sum-over-ideal": {
      const { value } = formula.term;
      if (value !== "gain" && value !== "relevant" && value !== "value") throw new RangeError(`no best list by ${value}`);
      const judged = formula.of === "judged" ? [...labels.keys()] : list.map(({ id }) => id);
      const gains = judged.map((item) => Math.max(0, worthOf(value, item, query))).toSorted((a, b) => b - a);
      return discountedSum(gains.slice(0, formula.k ?? gains.length), formula.term, convention);
    }
    case "sum-over-full":
      return discountedSum(
        Array.from({ length: formula.k }, () => 1),
        formula.term,
        convention,
      );
    case "listed-count":
      return Math.min(formula.k ?? list.length, list.length);
    case "relevant-count":
      return relevant;
    case "irrelevant-count":
      return grades.length - relevant;
    case "reciprocal-of-first-relevant": {
      const first = ordered(query).findIndex(({ id }) => (labels.get(id) ?? 0) >= convention.minRel) + 1;
      return first === 0 || first > (formula.k ?? list.length) ? 0 : 1 / first;
    }
    case "neighbours-in-top":
      return ordered(query)
        .slice(0, formula.k)
        .filter(({ id }) => labels.has(id) && query.beside.exactPlace(id, convention.neighbours) <= formula.k).length;
    case "agreement":
      return agreement(
        query.beside.arms.map((arm) => ordered({ ...query, list: arm ?? [] }).slice(0, formula.k)),
        formula,
      );
    case "ordered-pairs":
      return orderedPairs(query);
    case "sum-over-items": {
      const relevant = (id: string): boolean => (labels.get(id) ?? 0) >= convention.minRel;
      return sumOverItems(formula, firstIds(query, formula.k), relevant, query.beside.catalogue);
    }
    case "mean-distance":
      return meanDistance(formula, firstIds(query, formula.k), query.beside.catalogue);
    case "listed-items":
      throw new RangeError("a corpus metric has no value for a query");
    case "catalogue-size":
      return query.beside.catalogue.size;
    case "square-root":
      return Math.sqrt(Math.max(0, compute(formula.of, query)));
    case "divide": {
      const by = compute(formula.denominator, query);
      return by === 0 ? 0 : compute(formula.numerator, query) / by;
    }
    default: {
      const [left, right] = [compute(formula.left, query), compute(formula.right, query)];
      return { plus: left + right, minus: left - right, times: left * right, least: Math.min(left, right) }[formula.kind];
    }
  }
}

/** The list's first items in the order of a corpus metric. */
export function firstItems({ convention, k }: Metric, list: readonly Item[]): readonly string[] {
  return firstIds({ convention, list, labels: new Map(), listed: true, beside: nothingBeside }, k ?? list.length);
}

function firstIds(query: Query, k: number): readonly string[] {
  return ordered(query)
    .slice(0, k)
    .map(({ id }) => id);
}

function discountedSum(values: readonly number[], { discount }: RankTerm, { p }: Convention): number {
  const by = {
    none: () => 1,
    log2: (rank: number) => 1 / Math.log2(rank + 1),
    rank: (rank: number) => 1 / rank,
    geometric: (rank: number) => p ** (rank - 1),
  }[discount];
  return values.reduce((sum, value, index) => sum + value * by(index + 1), 0);
}

/** The values of the list's places, best score first, as the convention orders ties. */
function valuesOf(term: RankTerm, query: Query): readonly number[] {
  const { convention, labels } = query;
  const places = ordered(query);
  const own = places.map((_, index) => valueAt(term, places, index, query));
  if (convention.ties !== "average") return own;
  return places.map((item) => {
    const tied = own.filter((_, index) => scoreOf(places[index], convention) === scoreOf(item, convention));
    return labels.size === 0 ? 0 : tied.reduce((sum, one) => sum + one, 0) / tied.length;
  });
}

function valueAt({ value, among }: RankTerm, places: readonly Item[], index: number, query: Query): number {
  const { convention, labels } = query;
  const { minRel, maxGrade } = convention;
  const grade = labels.get(places[index]?.id ?? "");
  const isRelevant = (one: number | undefined): boolean => one !== undefined && one >= minRel;
  const upTo = (end: number): readonly (number | undefined)[] => places.slice(0, end).map(({ id }) => labels.get(id));
  const isMiss = (one: number | undefined): boolean => one !== undefined && one >= 0 && one < minRel;
  switch (value) {
    case "gain":
    case "relevant":
    case "value":
      return worthOf(value, places[index]?.id ?? "", query);
    case "judged":
      return grade === undefined ? 0 : 1;
    case "precision":
      return isRelevant(grade) ? upTo(index + 1).filter(isRelevant).length / (index + 1) : 0;
    case "preference": {
      if (!isRelevant(grade)) return 0;
      const all = [...labels.values()].filter(isRelevant).length;
      const misses = upTo(index).filter(isMiss).length;
      return misses === 0 ? 1 : 1 - Math.min(misses, all) / Math.min([...labels.values()].filter(isMiss).length, all);
    }
    case "lead": {
      const most = among?.relevant === "all" ? places.length : (among?.relevant ?? 0);
      if (!isRelevant(grade) || upTo(index + 1).filter(isRelevant).length > most) return 0;
      const others = upTo(index).filter((one) => !isRelevant(one)).length;
      return Math.max(0, 1 - others / (among?.irrelevant ?? 1));
    }
    case "stop": {
      const content = (one: number | undefined): number => (one === undefined || one <= 0 ? 0 : (2 ** one - 1) / 2 ** maxGrade);
      return upTo(index).reduce((left: number, one) => left * (1 - content(one)), content(grade));
    }
  }
}

function ordered({ convention, list, labels }: Query): readonly Item[] {
  const grade = (item: Item): number => Math.max(0, labels.get(item.id) ?? 0);
  return list.toSorted((a, b) => {
    const byScore = scoreOf(b, convention) - scoreOf(a, convention);
    const byGrade = convention.ties === "worst" ? grade(a) - grade(b) : 0;
    return byScore || byGrade || (convention.ties === "id_asc" ? byBytes(a.id, b.id) : byBytes(b.id, a.id));
  });
}

function scoreOf(item: Item | undefined, { scores }: Convention): number {
  const score = item?.score ?? 0;
  return scores === "float32" ? Math.fround(score) : score;
}

function orderedPairs({ convention, list, labels, listed }: Query): number {
  if (!listed) return 0;
  const scores = new Map(list.map((item) => [item.id, scoreOf(item, convention)]));
  const judged = [...labels].map(([id, grade]) => ({
    relevant: grade >= convention.minRel,
    score: scores.get(id) ?? Number.NEGATIVE_INFINITY,
  }));
  const pairs = judged
    .filter(({ relevant }) => relevant)
    .flatMap((good) => judged.filter(({ relevant }) => !relevant).map((bad) => [good.score, bad.score] as const));
  return pairs.reduce((sum, [good, bad]) => sum + (good > bad ? 1 : good === bad ? 0.5 : 0), 0);
}

function gainOf(grade: number, { gain, minRel, level }: Convention): number {
  if (level === "everywhere" && grade < minRel) return 0;
  if (typeof gain === "object") return gain[String(grade)] ?? 0;
  return { linear: Math.max(0, grade), exp2: grade > 0 ? 2 ** grade - 1 : 0, binary: grade >= minRel ? 1 : 0 }[gain];
}

/** How alike two lists are, pair by pair. */
function agreement([left = [], right = []]: readonly (readonly Item[])[], { k, by }: Extract<Formula, { kind: "agreement" }>): number {
  if (left.length === 0 || right.length === 0) return 0;
  const placeIn = (list: readonly Item[], id: string): number => {
    const at = list.findIndex((item) => item.id === id);
    return at === -1 ? k : at;
  };
  const items = [...new Set([...left, ...right].map(({ id }) => id))];
  const places = items.map((id) => [placeIn(left, id), placeIn(right, id)] as const);
  if (by === "overlap") return places.filter(([x, y]) => x < k && y < k).length / Math.max(left.length, right.length);
  if (items.length === 1) return 1;
  const pairs = places.flatMap(([x, y], index) => places.slice(index + 1).map(([u, v]) => [Math.sign(x - u), Math.sign(y - v)] as const));
  const agreed = pairs.reduce((sum, [x, y]) => sum + x * y, 0);
  return agreed / Math.sqrt(pairs.filter(([x]) => x !== 0).length * pairs.filter(([, y]) => y !== 0).length);
}
