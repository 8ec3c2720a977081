import { environmentRules } from "#domain/policy/environments.ts";
import { mayUse } from "#domain/policy/permission.ts";
import type { Policy } from "#domain/policy/policy.ts";
import type { PolicyCase, TriedAction } from "#domain/policy/policy-test-file.ts";
import { nearest } from "#domain/text/nearest.ts";
import { decideDeploy } from "./decide-deploy.ts";
import { imaginedDeploy, type OtherFiles } from "./imagined-deploy.ts";
import { commandNamed, commandNames } from "./registry.ts";

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
 * What the policy says to an action. A command that releases is decided by the very rules that decide it in a pull request, on a version for
 * which everything else speaks; of any other command it is said who may use it.
 */
export function tryPolicy({ policy, text, others }: TriedPolicy, action: TriedAction): PolicyAnswer {
  const { does, who } = action;
  const command = commandNamed(does.command);
  if (command === undefined) return unanswerable(`there is no command ${does.command}`, nearest(does.command, commandNames));
  const model =
    does.model ?? Object.keys(policy.models).find((name): name is keyof typeof policy.models => Object.hasOwn(policy.models, name));
  if (model === undefined) return unanswerable("the policy names no model", undefined);
  if (environmentRules(policy, does.environment) === undefined) {
    const names = policy.environments.map(({ name }) => name);
    return unanswerable(`the policy has no environment ${does.environment}`, nearest(does.environment, names));
  }
  const request = imaginedDeploy(policy, text, others, action, model);
  if (command.name === "deploy") {
    const decision = decideDeploy(request);
    return decision.kind === "refuse" ? { kind: "refused", code: decision.code, message: decision.message } : { kind: "allowed" };
  }
  const use = { command: command.name, environment: does.environment, role: command.role };
  const permission = mayUse(policy, use, { login: who.login, standing: request.standing, owners: request.owners });
  if (permission.kind === "allowed") return { kind: "allowed" };
  const whoMay = permission.who === null ? "Nobody may" : `That is for ${permission.who}`;
  return { kind: "refused", code: "not-permitted", message: `${who.login} may not ${command.name} in ${does.environment}. ${whoMay}.` };
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
