import { type Convention, optionText } from "#domain/evaluation/convention.ts";
import type { Depth, Formula, RankTerm } from "#domain/evaluation/formula.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import type { Dialect } from "./dialect.ts";

/** Two orders differ in how they break ties, in what is a tie, or in which items they order. */
export function orderName({ ties, scores, unjudged }: Convention): string {
  return `${ties} ${scores}${unjudged === "skip" ? " judged" : ""}`;
}

export function countsAlias(dialect: Dialect, { countsWith, convention }: Metric): string {
  return dialect.name(`counts ${countsWith} ${gainName(convention)} ${worthName(convention)}`);
}

export function clippedAlias(dialect: Dialect, { minRel, clip }: Convention): string {
  return dialect.name(`clipped ${minRel} ${clip}`);
}

export function topAlias(
  dialect: Dialect,
  { depth, term }: { readonly depth: Depth; readonly term: RankTerm },
  convention: Convention,
): string {
  return dialect.name(`top ${depth} ${termName(term, convention)} ${orderName(convention)}`);
}

export function idealAlias(dialect: Dialect, formula: Extract<Formula, { kind: "sum-over-ideal" }>, convention: Convention): string {
  return dialect.name(`${formula.of} ideal ${formula.k ?? "all"} ${termName(formula.term, convention)}`);
}

export function listedAlias(dialect: Dialect, k: number | null, convention: Convention): string {
  return dialect.name(`length ${k ?? "all"} ${orderName(convention)}`);
}

export function firstAlias(dialect: Dialect, k: number | null, convention: Convention): string {
  return dialect.name(`first ${k ?? "all"} ${convention.minRel} ${orderName(convention)}`);
}

/** The column of a table of first places with the rank of the first relevant one among them. */
export function seenAlias(dialect: Dialect, convention: Convention): string {
  return dialect.name(`seen ${convention.minRel} ${orderName(convention)}`);
}

export function neighboursAlias(dialect: Dialect, k: number, convention: Convention): string {
  return dialect.name(`neighbours ${convention.neighbours} ${k} ${orderName(convention)}`);
}

export function agreementAlias(dialect: Dialect, { k, by }: { readonly k: number; readonly by: string }, convention: Convention): string {
  return dialect.name(`agreement ${by} ${k} ${orderName(convention)}`);
}

export function pairsAlias(dialect: Dialect, { minRel, scores }: Convention): string {
  return dialect.name(`pairs ${minRel} ${scores}`);
}

export function itemsAlias(
  dialect: Dialect,
  { k, value, discount }: Extract<Formula, { kind: "sum-over-items" }>,
  convention: Convention,
): string {
  return dialect.name(`items ${k} ${Object.values(value).join(" ")} ${discount} ${convention.minRel} ${orderName(convention)}`);
}

export function distanceAlias(
  dialect: Dialect,
  { k, column, distance }: Extract<Formula, { kind: "mean-distance" }>,
  convention: Convention,
): string {
  return dialect.name(`distance ${k} ${distance} ${column} ${orderName(convention)}`);
}

function termName({ value, discount, among }: RankTerm, convention: Convention): string {
  const looked = among === undefined ? "" : ` ${among.irrelevant} ${among.relevant}`;
  return `${value}${looked} ${discount} ${gainName(convention)} ${worthName(convention)} ${convention.p} ${convention.maxGrade}`;
}

function worthName({ column, clicks, clip }: Convention): string {
  return `${column} ${clicks} ${clip}`;
}

function gainName({ gain, minRel, level }: Convention): string {
  return `${optionText(gain)} ${minRel} ${level}`;
}
