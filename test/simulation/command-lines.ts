import { type CommandName, commandTable } from "#domain/command/registry.ts";
import { type CommitSha, type EnvironmentName, hexOf, short } from "#domain/model/names.ts";
import { liveVersion } from "#test/support/world-texts.ts";
import { everyVersion } from "./simulated-texts.ts";

export interface Speaking {
  readonly environment: EnvironmentName;
  readonly head: CommitSha;
  /** A head that the pull request had before; its own when it never had another. */
  readonly earlier: CommitSha;
  /** The tip of the environments repository: what a person edited last, if it was a person. */
  readonly edit: CommitSha;
  /** A freeze that a command set; undefined when there is none. */
  readonly freeze: string | undefined;
  readonly which: number;
}

type Line = (speaking: Speaking) => string;

const deploys: readonly Line[] = [
  ({ environment, head }) => `/slipway deploy ${environment} @${short(head)}`,
  ({ environment, head }) => `/slipway deploy ${environment} @${short(head)}`,
  ({ environment, head }) => `/slipway deploy ${environment} @${head}`,
  ({ environment, earlier }) => `/slipway deploy ${environment} @${short(earlier)}`,
  ({ environment }) => `/slipway deploy ${environment}`,
  ({ environment, head }) => `/slipway deploy ${environment} @${head} --supersede`,
];
const others: readonly Line[] = [
  ({ environment, head }) => `> /slipway deploy ${environment} @${short(head)}\n\nplease do not`,
  ({ environment, head }) => `Both, please.\n/slipway status\n/slipway deploy ${environment} @${short(head)}\n/slipway help`,
  () => "/slipway stauts",
  () => "looks good to me",
];

/** A line for every command that there is, made of its own examples: a new command is used here from its first day. */
const ofRegistry: readonly Line[] = commandTable()
  .filter(({ name }) => name !== "deploy")
  .map(
    ({ name, examples }): Line =>
      ({ environment, head, edit, freeze, which }) =>
        (examples[which % examples.length] ?? "/slipway help")
          .replaceAll(/\b(?:staging|production)\b/g, environment)
          .replaceAll(/@[0-9a-f]{12}\b/g, `@${short(name === "resume" || name === "abort" ? edit : head)}`)
          .replaceAll(/\b[0-9a-f]{12}\b/g, (digits) => (digits === short(head) || digits === short(edit) ? digits : digestOf(which)))
          .replaceAll(/\b(?:staging|production)-\d+\b/g, freeze ?? "none")
          .replaceAll("product-ranker", "search-ranker")
          .replaceAll("ndcg@10[locale=de]", "ndcg@10"),
  );

function digestOf(which: number): string {
  return hexOf(everyVersion[which % everyVersion.length]?.digest ?? liveVersion.digest).slice(0, 12);
}

const lines: readonly Line[] = [...deploys, ...others, ...ofRegistry, ...ofRegistry];

/** The line that is a plain example of a command; any of them for `which`. */
export function lineOfCommand(name: CommandName): number {
  const index = commandTable()
    .filter((row) => row.name !== "deploy")
    .findIndex((row) => row.name === name);
  return name === "deploy" ? 0 : deploys.length + others.length + index;
}

export const supersedingLine = deploys.length - 1;

/** What a comment commands, as the simulation counts it; a merge and a click command by other words. */
export function verbIn(text: string): string {
  const [first, second] = [...text.matchAll(/^\/slipway (\w+)/gm)].map(([, verb = ""]) => verb);
  if (second !== undefined) return "several";
  if (first === undefined) return text.startsWith("merge ") ? "(merge)" : text.startsWith("check ") ? "(click)" : "(nothing)";
  return text.includes("--supersede") ? "deploy --supersede" : first;
}

/** The first lines are deploys, so that line 0 of a shrunk history is the plainest. */
export function lineOf(line: number, speaking: Speaking): string {
  return lines[line % lines.length]?.(speaking) ?? "";
}
