import type { Convention } from "#domain/evaluation/convention.ts";
import type { RankTerm } from "#domain/evaluation/formula.ts";
import type { Dialect } from "./dialect.ts";
import { labelCount } from "./label-count.ts";

/**
 * Terms of ranked rows as SQL. SQL never sums doubles: their sum depends on the order of rows, which threads change. A term is scaled to a
 * whole number (fixed point) and sums of those are exact; both sides of a ratio have the same scale, so a perfect list is exactly 1.
 */
export type FixedPoint = {
  readonly largestLabel: number;
  /** The most that a label counts by its propensity, before a metric clips it. */
  readonly largestWeight: number;
  /** The largest size of each value column. */
  readonly largestValues: ReadonlyMap<string, number>;
};

/** The largest gain that fixed point holds with digits to spare. */
export const largestGain = 2 ** 50;
/** The largest value, and the most that a label counts by its propensity: the squares of their sums are still finite. */
export const largestValue = 2 ** 300;
const bits = 60;
/** Values and inverse propensities may differ by many orders of magnitude: wide sums still hold the small ones to 15 digits. */
const wideBits = 100;
/** Logarithms of the chance to go on, which is at least 2^-50, keep as many bits below the point as a double has. */
const logarithmScale = 2 ** 52;

export function greatestGain({ gain }: Convention, { largestLabel }: FixedPoint): number {
  if (typeof gain === "object") return Math.max(...Object.values(gain));
  return { linear: largestLabel, exp2: 2 ** largestLabel - 1, binary: 1 }[gain];
}

/** What a term is multiplied by to become a whole number. */
export function scaleOf(term: RankTerm, convention: Convention, fixed: FixedPoint): number {
  const { clip, column } = convention;
  const plain = { gain: Math.max(1, greatestGain(convention, fixed)), value: fixed.largestValues.get(column) || 1 };
  const own = term.value === "gain" || term.value === "value" ? plain[term.value] : 1;
  const weight = isWeighted(term, convention) ? Math.min(fixed.largestWeight, clip === "none" ? Number.POSITIVE_INFINITY : clip) : 1;
  return 2 ** ((isWide(term, convention) ? wideBits : bits) - Math.ceil(Math.log2(own * weight)));
}

function isWeighted({ value }: RankTerm, { clicks }: Convention): boolean {
  return clicks === "ips" && (value === "gain" || value === "relevant" || value === "value");
}

function isWide(term: RankTerm, convention: Convention): boolean {
  return term.value === "value" || isWeighted(term, convention);
}

/** A number as a whole one, at the term's scale. */
export function wholeSql(dialect: Dialect, value: string, term: RankTerm, convention: Convention, fixed: FixedPoint): string {
  return dialect.whole(`(${value}) * CAST(${scaleOf(term, convention, fixed)} AS ${dialect.double})`, isWide(term, convention));
}

/** The column of `labels` with what an item is worth. */
export function valueColumn(dialect: Dialect, { column }: Pick<Convention, "column">): string {
  return dialect.name(`value ${column}`);
}

/** The column of `labels` with how likely a label could be seen. */
export const propensityColumn = "propensity";

/** The term of one row, before rank discount: of its label in column `rel` (NULL: unjudged), its rank `k`, and {@link runningSql}'s columns. */
export function valueSql(dialect: Dialect, term: RankTerm, convention: Convention): string {
  const plain = plainSql(dialect, term, convention);
  if (!isWeighted(term, convention)) return plain;
  const weight = `CAST(1 AS ${dialect.double}) / ${propensityColumn}`;
  const { clip } = convention;
  return `coalesce(${plain} * ${clip === "none" ? weight : `least(${weight}, ${clip})`}, 0)`;
}

function plainSql(dialect: Dialect, term: RankTerm, convention: Convention): string {
  const { minRel, maxGrade } = convention;
  const { double } = dialect;
  const relevant = `rel >= ${minRel}`;
  switch (term.value) {
    case "gain":
      return `coalesce(${gainSql(dialect, convention)}, 0)`;
    case "relevant":
      return `(CASE WHEN ${relevant} THEN 1 ELSE 0 END)`;
    case "value":
      return `coalesce(CASE WHEN ${relevant} THEN ${valueColumn(dialect, convention)} END, 0)`;
    case "judged":
      return "(CASE WHEN rel IS NOT NULL THEN 1 ELSE 0 END)";
    case "precision":
      return `(CASE WHEN ${relevant} THEN CAST(${hitsColumn(dialect, convention)} AS ${double}) / k ELSE 0 END)`;
    case "preference": {
      const [misses, all] = [missesColumn(dialect, convention), labelCount(dialect, "relevant", convention)];
      const share = `CAST(least(${misses}, ${all}) AS ${double}) / least(${labelCount(dialect, "irrelevant", convention)}, ${all})`;
      return `(CASE WHEN ${relevant} THEN (CASE WHEN ${misses} > 0 THEN 1 - ${share} ELSE 1 END) ELSE 0 END)`;
    }
    case "lead": {
      const { irrelevant = 1, relevant: most = "all" } = term.among ?? {};
      const counted = most === "all" ? relevant : `${relevant} AND ${hitsColumn(dialect, convention)} <= ${most}`;
      return `(CASE WHEN ${counted} THEN greatest(1 - CAST(${othersColumn(dialect, convention)} AS ${double}) / ${irrelevant}, 0) ELSE 0 END)`;
    }
    case "stop":
      return `(CASE WHEN rel > 0 THEN ${contentSql(maxGrade)} * exp(CAST(${passedColumn(dialect, convention)} AS ${double}) / ${logarithmScale}) ELSE 0 END)`;
  }
}

function hitsColumn(dialect: Dialect, { minRel }: Convention): string {
  return dialect.name(`hits ${minRel}`);
}

function missesColumn(dialect: Dialect, { minRel }: Convention): string {
  return dialect.name(`misses ${minRel}`);
}

function othersColumn(dialect: Dialect, { minRel }: Convention): string {
  return dialect.name(`others ${minRel}`);
}

function passedColumn(dialect: Dialect, { maxGrade }: Convention): string {
  return dialect.name(`passed ${maxGrade}`);
}

/** What a term needs to know of the rows above, as columns over the window `places`; whole numbers, so that no order of adding shows. */
export function runningSql(dialect: Dialect, { value }: RankTerm, convention: Convention): readonly string[] {
  const { minRel, maxGrade } = convention;
  const hits = `${dialect.countIf(`rel >= ${minRel}`)} OVER (places ROWS UNBOUNDED PRECEDING) AS ${hitsColumn(dialect, convention)}`;
  switch (value) {
    case "precision":
      return [hits];
    case "lead":
      return [
        hits,
        `${dialect.countIf(`NOT coalesce(rel >= ${minRel}, false)`)} OVER (places ROWS UNBOUNDED PRECEDING) AS ${othersColumn(dialect, convention)}`,
      ];
    case "preference":
      return [
        `${dialect.countIf(`rel >= 0 AND rel < ${minRel}`)} OVER (places ROWS UNBOUNDED PRECEDING) AS ${missesColumn(dialect, convention)}`,
      ];
    case "stop": {
      const goesOn = dialect.whole(`ln(1 - (CASE WHEN rel > 0 THEN ${contentSql(maxGrade)} ELSE 0 END)) * ${logarithmScale}`, false);
      return [
        `coalesce(sum(${goesOn}) OVER (places ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS ${passedColumn(dialect, convention)}`,
      ];
    }
    default:
      return [];
  }
}

function contentSql(maxGrade: number): string {
  return `((pow(2, rel) - 1) / ${2 ** maxGrade})`;
}

function gainSql(dialect: Dialect, convention: Convention): string {
  const { gain, minRel, level } = convention;
  const plain =
    typeof gain === "object"
      ? mapSql(dialect, gain)
      : {
          linear: "greatest(rel, 0)",
          exp2: "(CASE WHEN rel > 0 THEN pow(2, rel) - 1 ELSE 0 END)",
          binary: `(CASE WHEN rel >= ${minRel} THEN 1 ELSE 0 END)`,
        }[gain];
  return level === "everywhere" ? `(CASE WHEN rel >= ${minRel} THEN ${plain} ELSE 0 END)` : plain;
}

function mapSql({ double }: Dialect, gains: Readonly<Record<string, number>>): string {
  const cases = Object.entries(gains).map(([grade, gain]) => `WHEN ${Number(grade)} THEN CAST(${gain} AS ${double})`);
  return `(CASE rel ${cases.join(" ")} ELSE 0 END)`;
}

/** A value at a rank (column `k`) as a whole number. */
export function fixedTerm(dialect: Dialect, value: string, term: RankTerm, convention: Convention, fixed: FixedPoint): string {
  const discounted = {
    none: `(${value})`,
    log2: `(${value}) / ${dialect.log2("k + 1")}`,
    rank: `(${value}) / k`,
    geometric: `(${value}) * pow(${convention.p}, k - 1)`,
  }[term.discount];
  return wholeSql(dialect, discounted, term, convention, fixed);
}
