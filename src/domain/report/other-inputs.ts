import type { Report } from "#domain/evaluation/report.ts";

/** What keeps two reports from being compared as they stand. */
export function otherInputs(then: Report, now: Report): readonly string[] {
  return [
    ...(then.baseline?.digest === now.baseline?.digest ? [] : ["another baseline"]),
    ...(then.dataset.digest === now.dataset.digest && then.inputs.labels === now.inputs.labels ? [] : ["another dataset"]),
    ...(then.inputs.definition === now.inputs.definition ? [] : ["another definition"]),
  ];
}
