import { checkoutChronicle } from "#adapters/git/checkout-environments.ts";
import { type Dora, dora as doraOf } from "#domain/audit/dora.ts";
import type { Span } from "#domain/audit/history.ts";
import type { Spread } from "#domain/audit/spread.ts";
import { environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";
import { addMilliseconds, durationSchema, instantOf, millisecondsBetween } from "#domain/model/time.ts";
import { readIdentity } from "#entry/settings.ts";
import { readHistory } from "#flows/read-history.ts";
import { namedOrNone } from "./named.ts";
import { personOptions, repositoryFolder } from "./person.ts";
import { spanOf, spanOptions } from "./span.ts";
import { terminalText, textTable } from "./terminal-text.ts";
import { exitCodes, jsonOption, type Verb, WrongUsage } from "./verb.ts";

export const dora: Verb = {
  words: "",
  options: {
    ...spanOptions,
    every: { value: "<duration>", about: "divide the period into stretches of this length, such as 7d or 30d" },
    environment: { value: "<name>", about: "only this environment" },
    model: { value: "<name>", about: "only this model" },
    repository: personOptions.repository,
    json: jsonOption,
  },
  notes: [
    "A deployment is a release that ended in the period, verified or rolled back; one that a person aborted is counted beside. The frequency is deployments for each 7 days.",
    "Lead time: from the command, click or merge that asked for a release until it was verified at 100 %; of the verified ones.",
    "Change-fail rate: the share of deployments that were rolled back, as a canary or later, when they were live.",
    "Time to restore: from the start of the first window that broke an objective (from the stop, where a person asked and nothing was measured) until the commit that closed the rollback.",
    "Reads a clone as it lies there: run git fetch first. Exit codes: 0 done; 1 a record cannot be read, so numbers may be too small; 64 wrong usage.",
  ],
  examples: ["slipway dora --environment production", "slipway dora --since 2026-01-01 --every 30d --json"],
  async run(given, io) {
    if (given.positionals.length > 0) throw new WrongUsage("slipway dora takes no words; where it reads is said by --repository");
    const span = spanOf(given, instantOf(Date.now()));
    const stretches = divided(span, namedOrNone(durationSchema, given.text("every"), "--every"));
    const environment = namedOrNone(environmentNameSchema, given.text("environment"), "--environment");
    const model = namedOrNone(modelNameSchema, given.text("model"), "--model");
    const identity = readIdentity(io.environment);
    const history = await readHistory(checkoutChronicle({ folder: repositoryFolder(given, io), environment: io.environment }));

    const measures = stretches.flatMap((stretch) => doraOf(history, { ...stretch, environment, model, identity }));

    const { head, problems } = history;
    const lines = [...tableOf(measures), ...problems.map(terminalText)];
    io.out(
      given.flag("json")
        ? `${JSON.stringify({ schema: "slipway/dora/v1", head, ...span, measures, problems }, null, 2)}\n`
        : `${lines.join("\n")}\n`,
    );
    return problems.length === 0 ? exitCodes.done : exitCodes.refused;
  },
};

const mostStretches = 1000;

/** The last stretch ends with the period, and may be shorter. */
function divided(span: Span, length: number | undefined): readonly Span[] {
  if (length === undefined) return [span];
  const stretches: Span[] = [];
  for (let since = span.since; since < span.until; ) {
    if (length === 0 || stretches.length === mostStretches)
      throw new WrongUsage(`--every divides the period into more than ${mostStretches} stretches`);
    const until = length < millisecondsBetween(since, span.until) ? addMilliseconds(since, length) : span.until;
    stretches.push({ since, until });
    since = until;
  }
  return stretches;
}

function tableOf(measures: readonly Dora[]): readonly string[] {
  if (measures.length === 0) return ["No release is recorded here."];
  const rows = measures.map((row) => [
    row.since.slice(0, 10),
    row.until.slice(0, 10),
    row.environment,
    row.model ?? "(all)",
    String(row.deployments),
    row.deploymentsPerWeek.toFixed(2),
    durations(row.leadTime),
    row.changeFailRate === null ? "-" : `${row.failed}/${row.deployments} (${(100 * row.changeFailRate).toFixed(1)} %)`,
    durations(row.timeToRestore),
    String(row.aborted),
  ]);
  const head = ["since", "until", "environment", "model", "deployments", "per week", "lead time", "failed", "time to restore", "aborted"];
  return textTable([head, ...rows]);
}

function durations(spread: Spread | null): string {
  return spread === null ? "-" : `${spoken(spread.median)}, p90 ${spoken(spread.p90)}`;
}

function spoken(seconds: number): string {
  if (seconds >= 2 * 86_400) return `${(seconds / 86_400).toFixed(1)} d`;
  if (seconds >= 2 * 3600) return `${(seconds / 3600).toFixed(1)} h`;
  return seconds >= 120 ? `${(seconds / 60).toFixed(1)} min` : `${seconds.toFixed(0)} s`;
}
