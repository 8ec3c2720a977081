import { checkoutEnvironments } from "#adapters/git/checkout-environments.ts";
import { environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";
import { instantOf } from "#domain/model/time.ts";
import { printProblem } from "#domain/text/problem.ts";
import { readIdentity } from "#entry/settings.ts";
import { statusOf } from "#flows/status-of.ts";
import { namedOrNone } from "./named.ts";
import { personOptions, repositoryFolder } from "./person.ts";
import { terminalText, textTable } from "./terminal-text.ts";
import { exitCodes, jsonOption, type Verb, WrongUsage } from "./verb.ts";

export const status: Verb = {
  words: "",
  options: {
    model: { value: "<name>", about: "only this model" },
    environment: { value: "<name>", about: "only this environment" },
    repository: personOptions.repository,
    json: jsonOption,
  },
  notes: [
    "Fetches the default branch of the clone's remote with your own credentials, and writes nothing. What only GitHub or the metrics know, `/slipway status` on a pull request says.",
    "Exit codes: 0 said; 1 the policy cannot be read; 64 wrong usage.",
  ],
  examples: ["slipway status", "slipway status --model search-ranker --environment production --json"],
  async run(given, io) {
    if (given.positionals.length > 0) throw new WrongUsage("slipway status takes no words; name a model with --model");
    const model = namedOrNone(modelNameSchema, given.text("model"), "--model");
    const environment = namedOrNone(environmentNameSchema, given.text("environment"), "--environment");
    const identity = readIdentity(io.environment);
    const environments = checkoutEnvironments({ folder: repositoryFolder(given, io), identity, environment: io.environment });

    const answer = await statusOf({ environments, identity, clock: { now: () => instantOf(Date.now()) } }, model);

    if (answer.kind === "invalid") {
      io.note(`${answer.problems.map((problem) => terminalText(printProblem(problem))).join("\n")}\n`);
      return exitCodes.refused;
    }
    const rows = answer.rows.filter(([, place]) => environment === undefined || place === environment);
    const models = rows.map(([name, place, live, onItsWay, blockedBy, who, next]) => ({
      model: name,
      environment: place,
      live,
      onItsWay,
      blockedBy,
      who,
      next,
    }));
    const text = rows.length === 0 ? ["No model is known here."] : textTable([answer.columns, ...rows]);
    io.out(
      given.flag("json")
        ? `${JSON.stringify({ schema: "slipway/status/v1", head: answer.head, models }, null, 2)}\n`
        : `${text.join("\n")}\n`,
    );
    return exitCodes.done;
  },
};
