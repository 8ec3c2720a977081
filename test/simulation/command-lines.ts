import { commandTable } from "#domain/command/registry.ts";
import { type CommitSha, type EnvironmentName, short } from "#domain/model/names.ts";
import { candidates } from "./simulated-texts.ts";

export interface Speaking {
  readonly environment: EnvironmentName;
  readonly head: CommitSha;
  /** A head that the pull request had before; its own when it never had another. */
  readonly earlier: CommitSha;
  readonly which: number;
}

type Line = (speaking: Speaking) => string;

const deploys: readonly Line[] = [
  ({ environment, head }) => `/slipway deploy ${environment} @${short(head)}`,
  ({ environment, head }) => `/slipway deploy ${environment} @${short(head)}`,
  ({ environment, head }) => `/slipway deploy ${environment} @${head}`,
  ({ environment, earlier }) => `/slipway deploy ${environment} @${short(earlier)}`,
  ({ environment }) => `/slipway deploy ${environment}`,
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
    ({ examples }): Line =>
      ({ environment, head, which }) =>
        (examples[which % examples.length] ?? "/slipway help")
          .replaceAll(/\b(?:staging|production)\b/g, environment)
          .replaceAll(/@[0-9a-f]{7,40}\b/g, `@${short(head)}`)
          .replaceAll(/sha256:[0-9a-f…]+/g, candidates[which % candidates.length]?.digest ?? "")
          .replaceAll("product-ranker", "search-ranker"),
  );

const lines: readonly Line[] = [...deploys, ...others, ...ofRegistry, ...ofRegistry];

/** The first lines are deploys, so that line 0 of a shrunk history is the plainest. */
export function lineOf(line: number, speaking: Speaking): string {
  return lines[line % lines.length]?.(speaking) ?? "";
}
