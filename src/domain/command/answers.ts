import { type DeployDecision } from "#domain/command/decide-deploy.ts";
import type { HelpCommand } from "#domain/command/help.ts";
import type { ParsedLine } from "#domain/command/parse-comment.ts";
import { commandTable, helpOn } from "#domain/command/registry.ts";
import type { Answer } from "#domain/report/answer-view.ts";

/** What is said to `/slipway help`. */
export function helpAnswer(line: string, { topic }: HelpCommand): Answer {
  const { commands, unknown } = helpOn(topic);
  const sentence = unknown === null ? "These are the commands." : `There is no command ${unknown.word}. These are the commands.`;
  const rows = commands.map(({ usage, summary, role }) => [usage, summary, role ?? "everyone"]);
  const examples =
    topic === null || unknown !== null ? [] : commands.flatMap((command) => command.examples.map((example) => `For example: ${example}`));
  return { command: line, kind: "told", sentence, table: { columns: ["command", "what it does", "who may"], rows }, points: examples };
}

/** What is said to a line that is no command. */
export function misunderstoodAnswer(parsed: Exclude<ParsedLine, { kind: "command" }>): Answer {
  if (parsed.kind === "malformed") return { command: parsed.line, kind: "refused", sentence: parsed.problem, next: parsed.usage };
  const names = commandTable()
    .map(({ name }) => name)
    .join(", ");
  const sentence =
    parsed.nearest === null
      ? `There is no command ${parsed.word}; there are ${names}.`
      : `There is no command ${parsed.word}. Did you mean ${parsed.nearest}?`;
  return {
    command: parsed.line,
    kind: "refused",
    sentence,
    next: parsed.nearest === null ? "/slipway help" : `/slipway help ${parsed.nearest}`,
  };
}

/** What is said to a deploy; undefined where nothing is. */
export function deployAnswer(line: string, decision: Exclude<DeployDecision, { kind: "ignore" }>): Answer {
  if (decision.kind === "refuse") {
    return {
      command: line,
      kind: "refused",
      sentence: decision.message,
      ...(decision.nextLine !== undefined && { next: decision.nextLine }),
    };
  }
  return {
    command: line,
    kind: "done",
    sentence: decision.message,
    points: [
      `Release ${decision.release}, on the evidence of run ${decision.evidence.run}. It raises the weight by itself while its objectives hold.`,
    ],
    next: "/slipway status",
  };
}
