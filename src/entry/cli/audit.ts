import { checkoutChronicle } from "#adapters/git/checkout-environments.ts";
import { type AuditEntry, audit as auditOf } from "#domain/audit/audit.ts";
import { environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";
import { instantOf } from "#domain/model/time.ts";
import { readIdentity } from "#entry/settings.ts";
import { readHistory } from "#flows/read-history.ts";
import { namedOrNone } from "./named.ts";
import { personOptions, repositoryFolder } from "./person.ts";
import { spanOf, spanOptions } from "./span.ts";
import { terminalText } from "./terminal-text.ts";
import { exitCodes, jsonOption, type Verb, WrongUsage } from "./verb.ts";

export const audit: Verb = {
  words: "",
  options: {
    ...spanOptions,
    environment: { value: "<name>", about: "only commits that changed files of this environment" },
    model: { value: "<name>", about: "only commits that changed files of this model" },
    repository: personOptions.repository,
    json: jsonOption,
  },
  notes: [
    "Reads a clone as it lies there, and asks neither GitHub nor the App: run git fetch first. Records that were archived are found where the branch slipway/archive was fetched.",
    "Slipway's commits are known by the author's address (SLIPWAY_AUTHOR_EMAIL) and trailers. Who may push as that author is a matter of the repository's rules: protect the branch.",
    "Exit codes: 0 nothing to look at; 1 a person changed files that only Slipway writes, or a record cannot be read; 64 wrong usage.",
  ],
  examples: ["slipway audit --since 7d --environment production", "slipway audit --model search-ranker --json"],
  async run(given, io) {
    if (given.positionals.length > 0) throw new WrongUsage("slipway audit takes no words; where it reads is said by --repository");
    const identity = readIdentity(io.environment);
    const span = spanOf(given, instantOf(Date.now()));
    const environment = namedOrNone(environmentNameSchema, given.text("environment"), "--environment");
    const model = namedOrNone(modelNameSchema, given.text("model"), "--model");
    const history = await readHistory(checkoutChronicle({ folder: repositoryFolder(given, io), environment: io.environment }));

    const entries = auditOf(history, { ...span, environment, model, identity });

    const { head, problems } = history;
    const answer = { schema: "slipway/audit/v1", head, ...span, environment: environment ?? null, model: model ?? null, entries, problems };
    const lines = [...entries.flatMap(linesOf), ...problems, ...(entries.length === 0 ? ["No commit is in that period."] : [])];
    io.out(given.flag("json") ? `${JSON.stringify(answer, null, 2)}\n` : `${lines.map(terminalText).join("\n")}\n`);
    return problems.length === 0 && entries.every(({ notes }) => notes.length === 0) ? exitCodes.done : exitCodes.refused;
  },
};

function linesOf(entry: AuditEntry): readonly string[] {
  const { commit, at, by, author, what, askedBy, command, step, release, evidence, policy, notes } = entry;
  const facts = [
    ["by", by === "slipway" ? "Slipway" : author],
    ["asked for by", askedBy],
    ["command", command],
    ["release", release && `${release}${step === null ? "" : ` (${step})`}`],
    ["evidence", evidence],
    ["policy", policy],
  ].flatMap(([name, value]) => (value ? [`${name} ${value}`] : []));
  return [`${at}  ${commit.slice(0, 12)}  ${what}`, `    ${facts.join(", ")}`, ...notes.map((note) => `    look: ${note}`)];
}
