import type { Convention } from "#domain/evaluation/convention.ts";
import type { RankTerm } from "#domain/evaluation/formula.ts";
import { labelCount } from "./label-count.ts";
import { quotedName } from "./sandbox.ts";

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
export function wholeSql(value: string, term: RankTerm, convention: Convention, fixed: FixedPoint): string {
  const type = isWide(term, convention) ? "HUGEINT" : "BIGINT";
  return `CAST((${value}) * CAST(${scaleOf(term, convention, fixed)} AS DOUBLE) AS ${type})`;
}

/** The column of `labels` with what an item is worth. */
export function valueColumn({ column }: Pick<Convention, "column">): string {
  return quotedName(`value ${column}`);
}

/** The column of `labels` with how likely a label could be seen. */
export const propensityColumn = "propensity";

/** The term of one row, before rank discount: of its label in column `rel` (NULL: unjudged), its rank `k`, and {@link runningSql}'s columns. */
export function valueSql(term: RankTerm, convention: Convention): string {
  const plain = plainSql(term, convention);
  if (!isWeighted(term, convention)) return plain;
  const weight = `CAST(1 AS DOUBLE) / ${propensityColumn}`;
  const { clip } = convention;
  return `coalesce(${plain} * ${clip === "none" ? weight : `least(${weight}, ${clip})`}, 0)`;
}

function plainSql(term: RankTerm, convention: Convention): string {
  const { minRel, maxGrade } = convention;
  const relevant = `rel >= ${minRel}`;
  switch (term.value) {
    case "gain":
      return `coalesce(${gainSql(convention)}, 0)`;
    case "relevant":
      return `(CASE WHEN ${relevant} THEN 1 ELSE 0 END)`;
    case "value":
      return `coalesce(CASE WHEN ${relevant} THEN ${valueColumn(convention)} END, 0)`;
    case "judged":
      return "(CASE WHEN rel IS NOT NULL THEN 1 ELSE 0 END)";
    case "precision":
      return `(CASE WHEN ${relevant} THEN CAST(${running.hits(convention)} AS DOUBLE) / k ELSE 0 END)`;
    case "preference": {
      const [misses, all] = [running.misses(convention), labelCount("relevant", convention)];
      const share = `CAST(least(${misses}, ${all}) AS DOUBLE) / least(${labelCount("irrelevant", convention)}, ${all})`;
      return `(CASE WHEN ${relevant} THEN (CASE WHEN ${misses} > 0 THEN 1 - ${share} ELSE 1 END) ELSE 0 END)`;
    }
    case "lead": {
      const { irrelevant = 1, relevant: most = "all" } = term.among ?? {};
      const counted = most === "all" ? relevant : `${relevant} AND ${running.hits(convention)} <= ${most}`;
      return `(CASE WHEN ${counted} THEN greatest(1 - CAST(${running.others(convention)} AS DOUBLE) / ${irrelevant}, 0) ELSE 0 END)`;
    }
    case "stop":
      return `(CASE WHEN rel > 0 THEN ${contentSql(maxGrade)} * exp(CAST(${running.passed(convention)} AS DOUBLE) / ${logarithmScale}) ELSE 0 END)`;
  }
}

const running = {
  hits: ({ minRel }: Convention) => quotedName(`hits ${minRel}`),
  misses: ({ minRel }: Convention) => quotedName(`misses ${minRel}`),
  others: ({ minRel }: Convention) => quotedName(`others ${minRel}`),
  passed: ({ maxGrade }: Convention) => quotedName(`passed ${maxGrade}`),
};

/** What a term needs to know of the rows above, as columns over the window `places`; whole numbers, so that no order of adding shows. */
export function runningSql({ value }: RankTerm, convention: Convention): readonly string[] {
  const { minRel, maxGrade } = convention;
  const hits = `count(*) FILTER (rel >= ${minRel}) OVER (places ROWS UNBOUNDED PRECEDING) AS ${running.hits(convention)}`;
  switch (value) {
    case "precision":
      return [hits];
    case "lead":
      return [
        hits,
        `count(*) FILTER (NOT coalesce(rel >= ${minRel}, false)) OVER (places ROWS UNBOUNDED PRECEDING) AS ${running.others(convention)}`,
      ];
    case "preference":
      return [`count(*) FILTER (rel >= 0 AND rel < ${minRel}) OVER (places ROWS UNBOUNDED PRECEDING) AS ${running.misses(convention)}`];
    case "stop": {
      const goesOn = `CAST(ln(1 - (CASE WHEN rel > 0 THEN ${contentSql(maxGrade)} ELSE 0 END)) * ${logarithmScale} AS BIGINT)`;
      return [
        `coalesce(sum(${goesOn}) OVER (places ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS ${running.passed(convention)}`,
      ];
    }
    default:
      return [];
  }
}

function contentSql(maxGrade: number): string {
  return `((pow(2, rel) - 1) / ${2 ** maxGrade})`;
}

function gainSql(convention: Convention): string {
  const { gain, minRel, level } = convention;
  const plain =
    typeof gain === "object"
      ? mapSql(gain)
      : {
          linear: "greatest(rel, 0)",
          exp2: "(CASE WHEN rel > 0 THEN pow(2, rel) - 1 ELSE 0 END)",
          binary: `(CASE WHEN rel >= ${minRel} THEN 1 ELSE 0 END)`,
        }[gain];
  return level === "everywhere" ? `(CASE WHEN rel >= ${minRel} THEN ${plain} ELSE 0 END)` : plain;
}

function mapSql(gains: Readonly<Record<string, number>>): string {
  const cases = Object.entries(gains).map(([grade, gain]) => `WHEN ${Number(grade)} THEN CAST(${gain} AS DOUBLE)`);
  return `(CASE rel ${cases.join(" ")} ELSE 0 END)`;
}

/** A value at a rank (column `k`) as a whole number. */
export function fixedTerm(value: string, term: RankTerm, convention: Convention, fixed: FixedPoint): string {
  const discounted = {
    none: `(${value})`,
    log2: `(${value}) / log2(k + 1)`,
    rank: `(${value}) / k`,
    geometric: `(${value}) * pow(${convention.p}, k - 1)`,
  }[term.discount];
  return wholeSql(discounted, term, convention, fixed);
}
