import { resolve } from "node:path";
import { writeWholeFile } from "#adapters/workspace/write-whole.ts";
import type { Report } from "#domain/evaluation/report.ts";
import { examplesOption } from "./examples-text.ts";
import { readReport } from "./read-report.ts";
import { reportText } from "./report-text.ts";
import { exitCodes, type Verb, WrongUsage } from "./verb.ts";

export const report: Verb = {
  words: "<report.json>",
  options: {
    examples: examplesOption,
    html: { value: "<file>", about: "write the page there; it is one file that asks the network for nothing" },
  },
  notes: ["The report is shown as it is: nothing is measured or judged again, and a bad verdict is no failure of this verb."],
  examples: ["slipway report report.json", "slipway report report.json --html report.html"],
  async run(given, io) {
    const [file, ...more] = given.positionals;
    if (file === undefined || more.length > 0) throw new WrongUsage("slipway report takes one report, such as report.json");
    const read = await readReport(file, io);
    if (read === undefined) return exitCodes.refused;
    const page = given.text("html");
    if (page === undefined) io.out(reportText(read, { examples: given.flag("examples") }));
    else await writePage(read, resolve(io.workingFolder, page));
    return exitCodes.done;
  },
};

/** The drawing library takes longer to load than everything else together. */
export async function writePage(shown: Report, file: string): Promise<void> {
  const { htmlReport } = await import("#adapters/html-report/html-report.ts");
  await writeWholeFile(file, await htmlReport(shown));
}
