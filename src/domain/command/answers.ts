import type { CommandRefusal } from "#domain/command/command-decision.ts";
import { type DeployDecision } from "#domain/command/decide-deploy.ts";
import type { EvaluateDecision } from "#domain/command/decide-evaluate.ts";
import type { HelpCommand } from "#domain/command/help.ts";
import type { ParsedLine } from "#domain/command/parse-comment.ts";
import { commandTable, helpOn } from "#domain/command/registry.ts";
import type { CommitRecord } from "#domain/environment/snapshot.ts";
import { hexOf, short } from "#domain/model/names.ts";
import type { Answer } from "#domain/report/answer-view.ts";
import type { ReleaseRecord } from "#domain/rollout/release.ts";
import { type AskedLine, refusedAnswer } from "./refusal-reasons.ts";

/** What is said to `/slipway help`. */
export function helpAnswer(line: string, { topic }: HelpCommand): Answer {
  const { commands, unknown } = helpOn(topic);
  const sentence = unknown === null ? "These are the commands." : `There is no command ${unknown.word}. These are the commands.`;
  const rows = commands.map(({ usage, summary, role }) => [usage, summary, role ?? "everyone"]);
  const examples =
    topic === null || unknown !== null ? [] : commands.flatMap((command) => command.examples.map((example) => `For example: ${example}`));
  return {
    command: line,
    kind: "told",
    sentence,
    table: { columns: ["command", "what it does", "who may"], rows, typed: ["command"] },
    points: examples,
  };
}

/** What is said to a line that is no command. */
export function misunderstoodAnswer(parsed: Exclude<ParsedLine, { kind: "command" }>): Answer {
  if (parsed.kind === "malformed") return refusedAnswer(parsed, { code: "malformed", message: parsed.problem, nextLine: parsed.usage });
  const names = commandTable()
    .map(({ name }) => name)
    .join(", ");
  if (parsed.nearest === null)
    return refusedAnswer(parsed, { code: "unknown-command", message: `There is no command ${parsed.word}; there are ${names}.` });
  const message = `There is no command ${parsed.word}. Did you mean ${parsed.nearest}?`;
  return refusedAnswer(parsed, { code: "unknown-command", message, nextLine: `/slipway help ${parsed.nearest}` });
}

/** What is said to a deploy; undefined where nothing is. */
export function deployAnswer(asked: AskedLine, decision: Exclude<DeployDecision, { kind: "ignore" }>): Answer {
  if (decision.kind === "refuse") return refusedAnswer(asked, decision);
  return startedAnswer(asked.line, { ...decision, id: decision.release, evidence: decision.evidence.digest });
}

/** What is said to an evaluate; alike when it was carried out before Slipway could say so. */
export function evaluateAnswer(asked: AskedLine, decision: EvaluateDecision): Answer {
  if (decision.kind === "refuse") return refusedAnswer(asked, decision);
  const { run, attempt, sha } = decision;
  return {
    command: asked.line,
    kind: "done",
    sentence: `Evaluates ${short(sha)} again: attempt ${attempt} of run ${run}. The report follows when it is done.`,
  };
}

/** What is said to a command about a release, a hold, a lock or a freeze. */
export function commandAnswer(asked: AskedLine, decision: CommandRefusal | { readonly kind: "done"; readonly subject: string }): Answer {
  if (decision.kind === "refuse") return refusedAnswer(asked, decision);
  return { command: asked.line, kind: "done", sentence: `${decision.subject}.`, next: "/slipway status" };
}

/** The same by its commit alone, so that it is said alike when Slipway had died before it could say so. */
export function executedAnswer(line: string, { message }: Pick<CommitRecord, "message">): Answer {
  return commandAnswer({ line }, { kind: "done", subject: message.split("\n")[0] ?? "Done" });
}

/** What is said to a click whose button would not be shown any more. */
export function outdatedAnswer(line: string): Answer {
  const message = "What the button was offered on has changed since: the evidence, the version, its release or the policy.";
  return refusedAnswer({ line }, { code: "button-outdated", message });
}

/** What is said of a release that a command has started; by its record alone, so that it is said alike when Slipway had died in between. */
export function startedAnswer(
  line: string,
  { id, model, candidate, environment, evidence }: Pick<ReleaseRecord, "id" | "model" | "candidate" | "environment" | "evidence">,
): Answer {
  return {
    command: line,
    kind: "done",
    sentence: `Starts the release of ${model} ${candidate.version} to ${environment}.`,
    points: [
      `Release ${id}, on the evidence of report ${hexOf(evidence).slice(0, shownDigits)}. Slipway raises the weight by itself while the objectives hold.`,
    ],
    next: "/slipway status",
  };
}

/** As many as the pull request's comment shows of the report's digest. */
const shownDigits = 12;
