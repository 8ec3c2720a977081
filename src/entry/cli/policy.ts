import { localDocuments } from "#adapters/workspace/local-documents.ts";
import { commandNamed } from "#domain/command/registry.ts";
import { type PolicyAnswer, type TriedPolicy, tryPolicy } from "#domain/command/try-policy.ts";
import { environmentNameSchema, loginSchema, modelNameSchema } from "#domain/model/names.ts";
import { instantOf, instantSchema } from "#domain/model/time.ts";
import { environmentRules } from "#domain/policy/environments.ts";
import { whoMay } from "#domain/policy/permission.ts";
import { policyCaseSchema, type TriedAction } from "#domain/policy/policy-test-file.ts";
import type { SchemaResult } from "#domain/text/parse-with-schema.ts";
import { printProblem } from "#domain/text/problem.ts";
import { readPolicy, type TriedCase, testPolicy } from "#flows/try-policy-file.ts";
import { named } from "./named.ts";
import { terminalText } from "./terminal-text.ts";
import { exitCodes, type Given, type Io, jsonOption, type Verb, WrongUsage } from "./verb.ts";

export const policy: Verb = {
  words: "test, or explain <command> <environment>",
  options: {
    folder: { value: "<folder>", about: "the work tree of the environments repository (default: the folder you are in)" },
    as: { value: "<login>", about: "explain: who wants it (default: nobody in particular)" },
    teams: { value: "<team,…>", about: "explain: the teams that person is in" },
    permission: { value: "<level>", about: "explain: that person's permission on the model repository (default: write)" },
    model: { value: "<name>", about: "explain: the model (default: the first of the policy)" },
    at: { value: "<moment>", about: "explain: when, such as 2026-11-27T12:00:00Z (default: now)" },
    json: jsonOption,
  },
  notes: [
    "test reads .slipway/policy.test.yaml: who does what, when, in which world, and what is expected. Each command is decided by the functions that decide it in a pull request, for a version that was evaluated and passes its gates.",
    "Exit codes of test: 0 all as expected; 1 something is not, or a file is invalid. Of explain: 0 allowed; 1 refused.",
  ],
  examples: [
    "slipway policy test --folder ../environments",
    "slipway policy explain deploy production --as dana --teams ranking --at 2026-11-27T12:00:00Z",
  ],
  run(given, io) {
    const [what, ...words] = given.positionals;
    if (what === "test" && words.length === 0) return test(given, io);
    if (what === "explain" && words.length === 2) return explain(given, io, words);
    throw new WrongUsage(
      "slipway policy is followed by test, or by explain, a command and an environment, such as explain deploy production",
    );
  },
};

async function test(given: Given, io: Io): Promise<number> {
  const ran = await testPolicy(localDocuments(io.workingFolder), given.text("folder") ?? ".");
  if (ran.kind === "invalid") return refuse(ran, given, io);
  const failed = ran.value.filter(({ passed }) => !passed);
  const lines = [...ran.value.map(lineOf), "", `${ran.value.length - failed.length} as expected, ${failed.length} not`];
  io.out(given.flag("json") ? jsonOf(ran.value) : `${lines.map(terminalText).join("\n")}\n`);
  return failed.length === 0 ? exitCodes.done : exitCodes.refused;
}

function lineOf({ test: { name, expect }, passed, found }: TriedCase): string {
  if (passed) return `ok    ${name}`;
  return `FAIL  ${name}: expected ${expect === "allowed" ? "allowed" : `refused (${expect.refused})`}, found ${answerText(found)}`;
}

function answerText(answer: PolicyAnswer): string {
  switch (answer.kind) {
    case "allowed":
      return "allowed";
    case "refused":
      return `refused (${answer.code}): ${answer.message}`;
    case "unanswerable":
      return answer.message;
  }
}

function jsonOf(cases: readonly TriedCase[]): string {
  const tests = cases.map(({ test: { name, expect }, passed, found }) => ({ name, passed, expected: expect, found }));
  return `${JSON.stringify({ schema: "slipway/policy-tests/v1", passed: cases.every(({ passed }) => passed), tests }, null, 2)}\n`;
}

async function explain(given: Given, io: Io, [command = "", environment = ""]: readonly string[]): Promise<number> {
  const read = await readPolicy(localDocuments(io.workingFolder), given.text("folder") ?? ".");
  if (read.kind === "invalid") return refuse(read, given, io);
  const action = actionOf(given, command, environment);
  const answer = tryPolicy(read.value, action);
  if (answer.kind === "unanswerable") throw new WrongUsage(answer.message);
  const demands = demandsOf(read.value, action);
  const text = [
    `${action.who.login}, ${command} in ${environment}, at ${action.at}: ${answerText(answer)}`,
    ...demands.map((demand) => `- ${demand}`),
  ];
  io.out(
    given.flag("json")
      ? `${JSON.stringify({ schema: "slipway/policy-answer/v1", action, answer, demands }, null, 2)}\n`
      : `${text.map(terminalText).join("\n")}\n`,
  );
  return answer.kind === "allowed" ? exitCodes.done : exitCodes.refused;
}

function actionOf(given: Given, command: string, environment: string): TriedAction {
  const model = given.text("model");
  const teams = given.text("teams");
  const {
    who,
    does,
    given: world,
  } = policyCaseSchema.omit({ name: true, expect: true }).parse({
    who: { login: named(loginSchema, given.text("as") ?? "somebody", "--as"), ...(teams !== undefined && { teams: teams.split(",") }) },
    does: {
      command,
      environment: named(environmentNameSchema, environment, "the environment"),
      ...(model !== undefined && { model: named(modelNameSchema, model, "--model") }),
    },
    at: instantOf(0),
  });
  const permission = named(
    policyCaseSchema.shape.who.shape.permission.unwrap(),
    given.text("permission") ?? who.permission,
    "--permission",
  );
  const at = given.text("at");
  return {
    who: { ...who, permission },
    does,
    given: world,
    at: at === undefined ? instantOf(Date.now()) : named(instantSchema, at, "--at"),
  };
}

/** All that the policy asks for in that environment, whether it is met or not. */
function demandsOf({ policy: rules }: TriedPolicy, { does: { command, environment } }: TriedAction): readonly string[] {
  const asked = environmentRules(rules, environment);
  const role = commandNamed(command)?.role ?? null;
  const who = whoMay(rules, { command, environment, role });
  if (asked === undefined) return [];
  return [
    `who may: ${who ?? "nobody"}`,
    ...(command !== "deploy" && command !== "promote"
      ? []
      : [
          `takes what is ${asked.from === "merged" ? "merged" : "merged, or the head of an open pull request"}`,
          ...(asked.after.length === 0 ? [] : [`verified before in ${asked.after.join(" and ")}`]),
          ...(asked.approvals === undefined
            ? []
            : [`${asked.approvals.people} of ${asked.approvals.role} approve, none of them the author`]),
          ...(asked.releases === undefined ? [] : [`at most ${asked.releases} releases at once`]),
          ...(asked.exposure === undefined ? [] : [`at most ${asked.exposure * 100}% of all traffic on unverified versions`]),
          ...rules.freezes.filter(({ environments }) => environments?.includes(environment) ?? true).map(({ name }) => `freeze ${name}`),
        ]),
  ];
}

function refuse({ problems }: Extract<SchemaResult<unknown>, { kind: "invalid" }>, given: Given, io: Io): number {
  const text = `${problems.map((problem) => terminalText(printProblem(problem))).join("\n")}\n`;
  if (given.flag("json")) {
    io.note(text);
    io.out(`${JSON.stringify({ schema: "slipway/policy-tests/v1", passed: false, problems }, null, 2)}\n`);
  } else io.out(text);
  return exitCodes.refused;
}
