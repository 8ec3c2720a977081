import type { Report } from "#domain/evaluation/report.ts";
import { short } from "#domain/model/names.ts";
import { baselineText } from "./headline.ts";

/** One fact that the numbers rest on; `code`: an identifier that people copy. */
export interface EvidenceLine {
  readonly what: string;
  readonly text: string | null;
  readonly code: string | null;
}

/** Where the numbers come from, in the order in which a doubter asks. */
export function evidenceLines(report: Report): readonly EvidenceLine[] {
  const { baseline, inputs, dataset, run } = report;
  return [
    line("dataset", dataset.name, short(dataset.digest)),
    line(
      "baseline",
      baseline === null ? "none: the first version" : `${baselineText(baseline)}, from ${sourceText(baseline.source)}`,
      baseline === null || baseline.digest === null ? null : short(baseline.digest),
    ),
    line("candidate", `${report.candidate.version}, its artifact ${inputs.artifact}`, short(report.candidate.digest)),
    line("definition", null, short(inputs.definition)),
    line("labels", inputs.labels === null ? "the predictions' own column" : null, inputs.labels === null ? null : short(inputs.labels)),
    ...(inputs.items === undefined ? [] : [line("catalogue", null, short(inputs.items))]),
    ...(["baseline", "candidate"] as const).flatMap((arm) => {
      const predictions = inputs.predictions[arm];
      return predictions === null ? [] : [line(`predictions of the ${arm}`, predictions.by, short(predictions.digest))];
    }),
    ...(run === null ? [line("run", "on someone's own machine", null)] : [line("engine", run.engine, null)]),
  ];
}

/** `environments@` and a commit, as short as people read one. */
function sourceText(source: string): string {
  return source.replace(/\b([0-9a-f]{12})[0-9a-f]{28}\b/, "$1");
}

function line(what: string, text: string | null, code: string | null): EvidenceLine {
  return { what, text, code };
}
