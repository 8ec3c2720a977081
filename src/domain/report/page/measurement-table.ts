import type { Report } from "#domain/evaluation/report.ts";
import { sliceText } from "#domain/gate/slice.ts";
import { formatCount } from "#domain/report/format-number.ts";
import { gateRows } from "#domain/report/gate-rows.ts";
import { measuredText } from "#domain/report/measured-text.ts";
import { number, type PageTable, text } from "./page-table.ts";

/** Everything that was measured, as the report lists it. */
export function measurementTable({ measurements }: Report): PageTable {
  return {
    caption: "All measurements: differences are candidate − baseline in raw units",
    columns: [
      { title: "metric", kind: "code" },
      { title: "slice", kind: "text" },
      { title: "units", kind: "number" },
      { title: "baseline", kind: "number" },
      { title: "candidate", kind: "number" },
      { title: "difference, 95 % interval", kind: "number" },
    ],
    rows: measurements.map((measurement) => {
      const { metric, slice, units, baseline, candidate, difference, logRatio } = measurement;
      const written = measuredText(measurement);
      return [
        text(metric),
        text(sliceText(slice)),
        number(formatCount(units), units),
        number(written.baseline, baseline?.value ?? null),
        number(written.candidate, candidate.value),
        number(written.difference, (logRatio ?? difference)?.value ?? null),
      ];
    }),
  };
}

/** What each gate could have shown on these units. */
export function powerTable(report: Report): PageTable {
  return {
    caption:
      "What the gates could see: a gate detects in 4 of 5 evaluations what truly lies that far beyond its limit; units to settle assumes equal quality where the rule compares",
    columns: [
      { title: "gate", kind: "code" },
      { title: "detectable", kind: "text" },
      { title: "equal quality passes", kind: "text" },
      { title: "units to settle", kind: "text" },
    ],
    rows: gateRows(report).map(({ id, detectable, ifUnchanged, toSettle }) => [
      text(id),
      text(detectable),
      text(ifUnchanged),
      text(toSettle),
    ]),
  };
}
