import type { Report } from "#domain/evaluation/report.ts";

/** Nulls that are themselves what there is to say: all units, no run, no environment, an item that nobody judged. */
const meant = [
  /(^|\.)slice$/,
  /^run(\.(pullRequest|base))?$/,
  /^baseline(\.(digest|environment))?$/,
  /^examples\.(wins|losses)\.\d+\.lists\.(baseline|candidate)\.\d+\.label$/,
];

/** Where a report holds null without a `why` beside it: a reader would wonder. */
export function unexplainedNulls(report: Report): readonly string[] {
  return within(report, "");
}

function within(value: unknown, place: string): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const reasons: Readonly<Record<string, unknown>> = "why" in value && typeof value.why === "object" ? { ...value.why } : {};
  return Object.entries(value).flatMap(([field, held]) => {
    const own = place === "" ? field : `${place}.${field}`;
    if (held !== null) return within(held, own);
    return reasons[field] !== undefined || meant.some((known) => known.test(own)) ? [] : [own];
  });
}
