import { resolve } from "node:path";
import { localWorkspace } from "#adapters/workspace/local-workspace.ts";
import { writeWholeFile } from "#adapters/workspace/write-whole.ts";
import { printReport } from "#domain/evaluation/report.ts";
import { verdictExitCodes } from "#domain/evaluation/verdict.ts";
import { digestSchema, versionLabelSchema } from "#domain/model/names.ts";
import { type Problem, printProblem } from "#domain/text/problem.ts";
import { remoteSettings, usualScan } from "#entry/remote-settings.ts";
import type { AskedBaseline } from "#flows/baseline-of.ts";
import { evaluateModel } from "#flows/evaluate-model.ts";
import { examplesOption } from "./examples-text.ts";
import { explanationText } from "./explanation-text.ts";
import { modelPlace } from "./model-place.ts";
import { writePage } from "./report.ts";
import { reportText } from "./report-text.ts";
import { terminalText } from "./terminal-text.ts";
import { exitCodes, type Io, jsonOption, type Verb, WrongUsage } from "./verb.ts";

export const evaluate: Verb = {
  words: "<model directory>",
  options: {
    baseline: { value: "<version>[@<digest>]", about: "compare with this version; without it, with the default branch's" },
    trusted: { value: "<folder>", about: "a checkout of the default branch: its definition judges, as it does in a pull request" },
    "memory-limit": {
      value: "<size>",
      about: "what the engine may use before it spills to disk, such as 2GB; by default half of the memory",
    },
    "max-bytes-scanned": {
      value: "<size>",
      about: `what BigQuery may scan for it, such as 50GB; more is refused before anything is run, by default ${usualScan}`,
    },
    "remote-prefix": {
      value: "<uri>,…",
      about: "where a head may say that its predictions lie, such as s3://acme-models/ or bigquery://acme.models.",
    },
    examples: examplesOption,
    explain: {
      value: "<id>",
      about: "show one query, row or unit instead: its value of each metric, and the rows of the files that make it",
    },
    sql: { value: "<file>", about: "write there the SQL that was run in DuckDB, to run it again" },
    json: jsonOption,
    out: { value: "<file>", about: "write the report there too" },
    html: { value: "<file>", about: "write the report as one HTML page with plots there too" },
  },
  notes: [
    "Without --trusted the model's own definition judges it. Nothing of the model's repository is run: predictions are read, not made.",
    "Exit codes: 0 pass, 1 fail, 2 inconclusive, 3 no-data, 4 error (a definition that cannot be read, too); 64 wrong usage.",
  ],
  examples: [
    "slipway evaluate models/search-ranker --baseline 2026.11.02-1",
    "slipway evaluate models/search-ranker --trusted ../main --json > report.json",
    "slipway evaluate models/search-ranker --sql evaluation.sql",
    "slipway evaluate models/search-ranker --explain q17",
  ],
  async run(given, io) {
    const [directory, ...more] = given.positionals;
    if (directory === undefined || more.length > 0)
      throw new WrongUsage("slipway evaluate takes one model directory, such as models/search-ranker");
    const baseline = askedBaseline(given.text("baseline"));
    const memoryLimit = askedMemory(given.text("memory-limit"));
    const { model, root, folder } = await modelPlace(resolve(io.workingFolder, directory));
    const trusted = resolve(io.workingFolder, given.text("trusted") ?? root);

    const unit = given.text("explain");
    const sqlFile = given.text("sql");
    const statements: string[] = [];

    // The engine takes longer to load than everything else together.
    const { withRemoteSources } = await import("#entry/evaluation-engine.ts");
    const remote = remoteSettings(io.environment, given.text("max-bytes-scanned"), given.text("remote-prefix"));
    if (remote.kind === "wrong") throw new WrongUsage(remote.message);
    const outcome = await withRemoteSources(
      (engine, access, files) =>
        evaluateModel(
          { trusted: localWorkspace(trusted), head: localWorkspace(root), engine, remote: access, app: undefined },
          { model, folder, run: null, baseline, explain: unit === undefined ? undefined : { unit, files } },
        ),
      { memoryLimit, remote: remote.settings, ...(sqlFile !== undefined && { onStatement: (sql) => void statements.push(sql) }) },
    );
    if (sqlFile !== undefined) await writeWholeFile(resolve(io.workingFolder, sqlFile), statementsText(directory, statements));

    switch (outcome.kind) {
      case "invalid":
        return invalid(outcome.problems, given.flag("json"), io);
      case "evaluated": {
        const document = printReport(outcome.report);
        const out = given.text("out");
        if (out !== undefined) await writeWholeFile(resolve(io.workingFolder, out), document);
        const page = given.text("html");
        if (page !== undefined) await writePage(outcome.report, resolve(io.workingFolder, page));
        if (outcome.explained?.kind === "refused") {
          io.note(`${terminalText(`${JSON.stringify(unit)} is not explained: ${outcome.explained.reason}`)}\n`);
          return exitCodes.refused;
        }
        if (outcome.explained !== undefined) {
          io.out(explanationText(outcome.explained.explanation, given.flag("json")));
          return verdictExitCodes[outcome.report.verdict];
        }
        io.out(given.flag("json") ? document : reportText(outcome.report, { examples: given.flag("examples") }));
        for (const notice of outcome.notices) io.note(`${terminalText(notice)} Name another version with --baseline <version>.\n`);
        return verdictExitCodes[outcome.report.verdict];
      }
      case "removed":
      case "unchanged":
        throw new RangeError(`an evaluation on one machine came out as ${outcome.kind}`);
    }
  },
};

function statementsText(directory: string, statements: readonly string[]): string {
  const title = terminalText(
    `-- What slipway evaluate ${directory} ran in DuckDB, in this order; each SET of the time zone begins a database of its own.`,
  );
  const ran =
    statements.length > 0
      ? statements.map((sql) => `${sql.trim()};`)
      : ["-- Nothing was run in DuckDB. Tables of BigQuery are scored there, and their SQL is not written."];
  return `${[title, ...ran].join("\n\n")}\n`;
}

function invalid(problems: readonly Problem[], json: boolean, io: Io): number {
  const lines = problems.map((problem) => `${terminalText(printProblem(problem))}\n`).join("");
  if (json) {
    const listed = problems.map(({ file, line, column, path, message }) => ({ file, line, column, path, message }));
    io.out(`${JSON.stringify({ schema: "slipway/problems/v1", verdict: "error", problems: listed }, null, 2)}\n`);
    io.note(lines);
  } else {
    io.out(lines);
  }
  return verdictExitCodes.error;
}

function askedBaseline(written: string | undefined): AskedBaseline | undefined {
  if (written === undefined) return undefined;
  const [label = "", ...rest] = written.split("@");
  const version = versionLabelSchema.safeParse(label);
  if (!version.success) throw new WrongUsage(`--baseline ${JSON.stringify(written)}: ${version.error.issues[0]?.message ?? "no version"}`);
  if (rest.length === 0) return { version: version.data };
  const digest = digestSchema.safeParse(rest.join("@"));
  if (!digest.success) throw new WrongUsage(`--baseline ${JSON.stringify(written)}: ${digest.error.issues[0]?.message ?? "no digest"}`);
  return { version: version.data, digest: digest.data };
}

function askedMemory(written: string | undefined): string | undefined {
  if (written === undefined || /^[1-9][0-9]{0,5}(?:MB|GB)$/.test(written)) return written;
  throw new WrongUsage(`--memory-limit ${JSON.stringify(written)}: a size is a whole number with MB or GB, such as 512MB or 4GB`);
}
