import { environmentRules } from "#domain/policy/environments.ts";
import type { Policy } from "#domain/policy/policy.ts";
import type { PolicyCase, TriedAction } from "#domain/policy/policy-test-file.ts";
import { nearest } from "#domain/text/nearest.ts";
import { type ChangingCommand, decideImagined, imaginedLine } from "./imagined-command.ts";
import { imaginedDeploy, type OtherFiles } from "./imagined-deploy.ts";
import { type CommandName, commandNamed, commandNames } from "./registry.ts";

export type PolicyAnswer =
  | { readonly kind: "allowed" }
  | { readonly kind: "refused"; readonly code: string; readonly message: string }
  /** The question itself makes no sense under this policy. */
  | { readonly kind: "unanswerable"; readonly message: string };

/** A policy with the text it was read from, and the other files that it names. */
export interface TriedPolicy {
  readonly policy: Policy;
  readonly text: string;
  readonly others: OtherFiles;
}

/**
 * What the policy says to an action. It is decided by the very functions that decide it in a pull request, on a version and a release for which
 * everything else speaks.
 */
export function tryPolicy({ policy, text, others }: TriedPolicy, action: TriedAction): PolicyAnswer {
  const { does } = action;
  const command = commandNamed(does.command);
  if (command === undefined) return unanswerable(`there is no command ${does.command}`, nearest(does.command, commandNames));
  const model =
    does.model ?? Object.keys(policy.models).find((name): name is keyof typeof policy.models => Object.hasOwn(policy.models, name));
  if (model === undefined) return unanswerable("the policy names no model", undefined);
  if (environmentRules(policy, does.environment) === undefined) {
    const names = policy.environments.map(({ name }) => name);
    return unanswerable(`the policy has no environment ${does.environment}`, nearest(does.environment, names));
  }
  // What changes nothing is everybody's: no flow asks who it is.
  if (!isChanging(command.name)) return { kind: "allowed" };
  const deploy = imaginedDeploy(policy, text, others, action, model);
  const decision = decideImagined({ command: imaginedLine(command.name, deploy, model), deploy, policy, model });
  return decision.kind === "refuse" ? { kind: "refused", code: decision.code, message: decision.message } : { kind: "allowed" };
}

function isChanging(name: CommandName): name is ChangingCommand["kind"] {
  return commandNamed(name)?.mutating === true;
}

export type CaseOutcome = { readonly passed: boolean; readonly found: PolicyAnswer };

/** Whether the policy answers a case as its authors expect. */
export function runPolicyCase(tried: TriedPolicy, { expect, ...action }: PolicyCase): CaseOutcome {
  const found = tryPolicy(tried, action);
  if (expect === "allowed") return { passed: found.kind === "allowed", found };
  return { passed: found.kind === "refused" && found.code === expect.refused, found };
}

function unanswerable(what: string, meant: string | undefined): PolicyAnswer {
  return { kind: "unanswerable", message: `${what}${meant === undefined ? "" : `; did you mean ${meant}?`}` };
}
