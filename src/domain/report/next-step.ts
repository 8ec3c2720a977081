import { printDeploy } from "#domain/command/deploy.ts";
import { evaluate, printEvaluate } from "#domain/command/evaluate.ts";
import { short } from "#domain/model/names.ts";
import { whoMay } from "#domain/policy/permission.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { whoHas } from "#domain/policy/roles.ts";
import type { ModelJudgement, PullRequestJudgement } from "./judgement.ts";

/** What to do now, and the line to type for it. */
export interface NextStep {
  readonly sentence: string;
  readonly command: string | null;
  readonly who: string | null;
}

/** The way on for one model; null when its own message, or a refusal, already says it. */
export function nextStep(judgement: PullRequestJudgement, model: ModelJudgement, policy: Policy | undefined): NextStep | null {
  if (judgement.refusals.length > 0) return null;
  if (policy === undefined) return null;
  // Evidence that was good, until what it is judged by moved on.
  if (model.code === "definition-changed" || model.code === "baseline-moved") return evaluateAgain(judgement, policy);
  if (model.code !== "judged") return null;
  switch (model.verdict) {
    case "pass":
      return release(judgement, model, policy);
    case "fail":
      return only(
        "Push a better candidate: its evaluation replaces this report. Running this one again does not change a measured verdict.",
      );
    case "inconclusive":
      return only("A candidate that differs more, or an evaluation on more units, would settle it. Running this one again does not.");
    case "no-data":
    case "error":
      return only("Mend what is named above and push; only what could not be measured is replaced by a later run of the same head.");
  }
}

function evaluateAgain({ head }: PullRequestJudgement, policy: Policy): NextStep | null {
  const who = whoMay(policy, { command: evaluate.name, environment: null, role: evaluate.role });
  if (who === null) return only("Push, or run the workflow again on GitHub: the policy lets nobody ask for it here.");
  return { sentence: "Have this head evaluated again with this comment:", command: printEvaluate(short(head)), who };
}

function release({ head, models }: PullRequestJudgement, { model, baseline }: ModelJudgement, policy: Policy): NextStep | null {
  const environment = policy.environments.find(({ after }) => after.length === 0);
  if (environment === undefined) return null;
  const who = whoMay(policy, { command: "deploy", environment: environment.name, role: "deployer" });
  if (who === null) return only("The policy gives nobody the role deployer, so nobody can release this. A platform engineer changes it.");
  const approver = whoHas("approver", policy);
  if (baseline === null && approver === null)
    return only("This is a first version, and the policy names no approver, who has to deploy it. A platform engineer adds the role.");
  const when = environment.from === "merged" ? "Merge this pull request, then start the canary" : "Start the canary";
  return {
    sentence: `${when} in ${environment.name} with this comment:`,
    command: printDeploy({ environment: environment.name, sha: short(head), model: models.length > 1 ? model : null }),
    who: baseline === null ? `${who}; a first version only if they are an approver (${approver}) and not its author` : who,
  };
}

function only(sentence: string): NextStep {
  return { sentence, command: null, who: null };
}
