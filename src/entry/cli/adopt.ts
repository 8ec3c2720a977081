import { checkoutEnvironments } from "#adapters/git/checkout-environments.ts";
import { digestSchema, environmentNameSchema, modelNameSchema, short, versionLabelSchema } from "#domain/model/names.ts";
import { instantOf } from "#domain/model/time.ts";
import { readIdentity } from "#entry/settings.ts";
import { type AdoptedModel, type AdoptionAnswer, type AdoptionRequest, adoptModels } from "#flows/adopt-models.ts";
import { named, namedOrNone } from "./named.ts";
import { loginOf, personOptions, repositoryFolder } from "./person.ts";
import { terminalText } from "./terminal-text.ts";
import { exitCodes, type Given, type Io, jsonOption, type Verb, WrongUsage } from "./verb.ts";

export const adopt: Verb = {
  words: "<environment>",
  options: {
    model: { value: "<name>", about: "only this model; without it, every model that has manifests and no state" },
    version: { value: "<version>", about: "what is served, where the manifests' annotations do not say it (with --model and --digest)" },
    digest: { value: "<sha256:…>", about: "the digest of that version" },
    ...personOptions,
    json: jsonOption,
  },
  notes: [
    "Works on the default branch of the clone's remote, with your own credentials, and pushes one commit: author Slipway, committer you. Your work tree stays as it is.",
    "Version and digest come from the Deployment's annotations slipway.dev/version and slipway.dev/digest.",
    "Exit codes: 0 everything is adopted, now or before; 1 something was refused; 64 wrong usage.",
  ],
  examples: [
    "slipway adopt production",
    `slipway adopt production --model search-ranker --version 2026.11.02-1 --digest sha256:${"0".repeat(60)}beef`,
  ],
  async run(given, io) {
    const request = await requestOf(given, io);
    const folder = repositoryFolder(given, io);
    const environments = checkoutEnvironments({ folder, identity: readIdentity(io.environment), environment: io.environment });

    const answer = await adoptModels({ environments, clock: { now: () => instantOf(Date.now()) } }, request);

    const refused = answer.kind === "refused" || answer.models.some(({ outcome }) => outcome.kind === "refused");
    io.out(
      given.flag("json")
        ? `${JSON.stringify(jsonOf(request, answer), null, 2)}\n`
        : `${linesOf(request, answer).map(terminalText).join("\n")}\n`,
    );
    return refused ? exitCodes.refused : exitCodes.done;
  },
};

async function requestOf(given: Given, io: Io): Promise<AdoptionRequest> {
  const [environment, ...more] = given.positionals;
  if (more.length > 0) throw new WrongUsage("slipway adopt takes one environment, such as production");
  const model = namedOrNone(modelNameSchema, given.text("model"), "--model");
  const version = namedOrNone(versionLabelSchema, given.text("version"), "--version");
  const digest = namedOrNone(digestSchema, given.text("digest"), "--digest");
  if ((version === undefined) !== (digest === undefined)) throw new WrongUsage("--version and --digest are given together, or not at all");
  if (version !== undefined && model === undefined) throw new WrongUsage("--version and --digest are of one model: name it with --model");
  return {
    environment: named(environmentNameSchema, environment, "the environment"),
    model,
    version: version === undefined || digest === undefined ? undefined : { version, digest },
    login: await loginOf(given, io),
  };
}

function linesOf({ environment }: AdoptionRequest, answer: AdoptionAnswer): readonly string[] {
  if (answer.kind === "refused") return [`Nothing is adopted in ${environment}: ${answer.reason}`];
  const { commit, models } = answer;
  return [...models.map(lineOf), commit === null ? "Nothing was written." : `Pushed as ${short(commit)}.`];
}

function lineOf({ model, outcome }: AdoptedModel): string {
  switch (outcome.kind) {
    case "adopt":
      return `${model}: adopted ${outcome.state.live.version} (${short(outcome.state.live.digest)})`;
    case "already":
      return `${model}: nothing to do, ${outcome.live.version} (${short(outcome.live.digest)}) is live already`;
    case "refused":
      return `${model}: not adopted, ${outcome.reason}`;
  }
}

function jsonOf({ environment }: AdoptionRequest, answer: AdoptionAnswer): object {
  const head = { schema: "slipway/adoption/v1", environment };
  if (answer.kind === "refused") return { ...head, commit: null, refused: answer.reason, models: [] };
  const models = answer.models.map(({ model, outcome }) => {
    switch (outcome.kind) {
      case "adopt":
        return { model, outcome: "adopted", version: outcome.state.live.version, digest: outcome.state.live.digest };
      case "already":
        return { model, outcome: "already-live", version: outcome.live.version, digest: outcome.live.digest };
      case "refused":
        return { model, outcome: "refused", reason: outcome.reason };
    }
  });
  return { ...head, commit: answer.commit, models };
}
