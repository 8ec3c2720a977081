import type { Answer } from "#domain/report/answer-view.ts";
import type { CommandRefusalCode } from "./command-decision.ts";
import type { EvaluateRefusalCode } from "./decide-evaluate.ts";

/** What stops a command after it was decided, or before it could be. */
const surroundingCodes = [
  "unknown-command",
  "malformed",
  "comment-deleted",
  "button-outdated",
  "basis-changed",
  "pull-request-changed",
  "push-refused",
  "rerun-refused",
  "unknown-gate",
  "no-rollout",
  "no-objective",
  "beyond-ceiling",
  "unsafe-weights",
  "unfit-target",
  "not-served-so",
  "manifests-unreadable",
] as const;

export type RefusalReason = CommandRefusalCode | EvaluateRefusalCode | (typeof surroundingCodes)[number];

interface Remedy {
  /** Who can change it, where the refusal does not name them. */
  readonly who: string;
  /** What to type then, where the refusal has no better line; null: the same line again. */
  readonly next: string | null;
}

const author = "who wrote the comment";
const you = "you";
const proposer = "the author of the pull request";
const platform = "a platform engineer";
const pushers = "who may push to the repository";
const owners = "the owners of the model, on the default branch";
const deployers = "who may deploy there";
const holders = "who has the role holder";
const nobody = "nobody needs to";
const status = "/slipway status";
const explain = "/slipway explain";
const evaluate = "/slipway evaluate";

/** Of every reason for which a command is refused: who can do something about it, and what is typed next. */
export const remedies = {
  "unknown-command": { who: you, next: "/slipway help" },
  malformed: { who: you, next: "/slipway help" },
  "comment-edited": { who: author, next: null },
  "comment-too-old": { who: author, next: null },
  "comment-deleted": { who: author, next: null },
  "button-outdated": { who: "who clicked, on the check as it is now", next: status },
  "basis-changed": { who: you, next: null },
  "pull-request-changed": { who: "you, once you have looked at what changed", next: status },
  "push-refused": { who: "who sets the branch rules of the environments repository", next: null },
  "rerun-refused": { who: pushers, next: null },
  "unknown-gate": { who: you, next: explain },
  "policy-unreadable": { who: platform, next: null },
  "unknown-environment": { who: "you; a platform engineer adds an environment", next: status },
  "base-not-named-by-policy": { who: "the author of the pull request, who changes its base", next: null },
  "repository-not-named-by-policy": { who: platform, next: null },
  "model-not-in-policy": { who: platform, next: null },
  "cluster-refuses": { who: "whoever owns what the cluster asks for; a platform engineer for its policies and quotas", next: null },
  "cluster-not-asked": { who: platform, next: null },
  "fork-head": { who: pushers, next: null },
  "closed-unmerged": { who: "the author of the pull request, who reopens it", next: null },
  draft: { who: "the author of the pull request, or who may push", next: null },
  "not-merged": { who: "who may merge the pull request", next: null },
  "not-a-deployer": { who: platform, next: null },
  "not-permitted": { who: platform, next: null },
  "no-role": { who: platform, next: null },
  "sha-required": { who: you, next: evaluate },
  "sha-not-evaluated": { who: "you, once its report is there", next: evaluate },
  "sha-ambiguous": { who: you, next: status },
  "head-moved": { who: "you, once you have looked at the report of the new head", next: evaluate },
  "pushed-after-comment": { who: "you, once you have looked at the new head", next: evaluate },
  "no-model-changed": { who: "the author of the pull request", next: "/slipway status --model <name>" },
  "model-required": { who: you, next: status },
  "model-not-changed": { who: you, next: status },
  "verdict-not-pass": { who: "the author of the pull request, with a better candidate", next: explain },
  "no-evidence": { who: "nobody needs to while it is evaluated; else who may ask for it again", next: evaluate },
  "evidence-refused": { who: "who may ask for another evaluation", next: evaluate },
  "only-self-reported": { who: pushers, next: evaluate },
  "definition-invalid": { who: proposer, next: explain },
  "definition-changed": { who: "who may ask for another evaluation", next: evaluate },
  "baseline-moved": { who: "who may ask for another evaluation", next: evaluate },
  "candidate-differs": { who: proposer, next: explain },
  "measurements-differ": { who: "the author of the pull request, with a new head", next: explain },
  "live-unreadable": { who: platform, next: null },
  "digest-unchanged": { who: proposer, next: explain },
  removed: { who: proposer, next: explain },
  "state-unreadable": { who: platform, next: null },
  "record-unreadable": { who: platform, next: null },
  "never-adopted": { who: platform, next: null },
  "already-live": { who: nobody, next: status },
  held: { who: holders, next: status },
  frozen: { who: "nobody before it ends", next: status },
  "not-verified-before": { who: "nobody before it is verified there", next: status },
  "verified-too-recently": { who: "nobody before that", next: null },
  "too-many-releases": { who: "who may abort one of them, or who waits", next: status },
  "over-budget": { who: "who may abort one of them, or who waits", next: status },
  "not-approved": { who: platform, next: status },
  "release-open": { who: deployers, next: status },
  locked: { who: platform, next: status },
  "not-superseded": { who: platform, next: status },
  "nothing-before": { who: you, next: status },
  "first-version-needs-approver": { who: platform, next: null },
  "no-rollout": { who: owners, next: null },
  "no-objective": { who: owners, next: null },
  "beyond-ceiling": { who: owners, next: null },
  "unsafe-weights": { who: owners, next: null },
  "unfit-target": { who: owners, next: null },
  "not-served-so": { who: platform, next: null },
  "manifests-unreadable": { who: platform, next: null },
  "no-release-open": { who: deployers, next: status },
  "began-after-comment": { who: you, next: null },
  stopping: { who: deployers, next: status },
  "already-paused": { who: nobody, next: status },
  "not-paused": { who: nobody, next: status },
  "paused-by-a-person": { who: deployers, next: status },
  edited: { who: "who may resume, naming the edit", next: status },
  "edit-not-named": { who: "you, once you have looked at the edit", next: status },
  "nothing-failed": { who: nobody, next: status },
  "rollback-open": { who: "who may merge in the environments repository", next: status },
  "rollback-on-its-way": { who: nobody, next: status },
  "stable-not-verified": { who: deployers, next: status },
  "stable-held": { who: holders, next: status },
  "no-verified-target": { who: deployers, next: status },
  "not-recorded": { who: "who may write to the environments repository", next: status },
  "digest-unknown": { who: you, next: status },
  "digest-ambiguous": { who: you, next: status },
  "already-held": { who: holders, next: status },
  "not-held": { who: you, next: status },
  "hold-unreadable": { who: platform, next: null },
  "already-locked": { who: "who may unlock there", next: status },
  "not-locked": { who: nobody, next: status },
  "lock-unreadable": { who: platform, next: null },
  "already-frozen": { who: holders, next: status },
  "not-frozen": { who: nobody, next: status },
  "freeze-of-the-policy": { who: platform, next: status },
  "freeze-unreadable": { who: platform, next: null },
  "freeze-ends-in-the-past": { who: you, next: status },
  "approvals-not-asked": { who: deployers, next: status },
  "approvals-unreadable": { who: platform, next: null },
  "own-version": { who: "somebody else with the role", next: null },
  "nothing-to-approve": { who: owners, next: null },
  "already-approved": { who: "the others who have the role", next: status },
  "overrides-not-allowed": { who: platform, next: explain },
  "overrides-unreadable": { who: platform, next: null },
  "already-set-aside": { who: "the others who have the role", next: status },
  "environment-required": { who: you, next: status },
  "reason-missing": { who: you, next: status },
  "nothing-in-the-way": { who: nobody, next: explain },
  "unknown-name": { who: you, next: explain },
  "no-trusted-run": { who: pushers, next: null },
  "run-under-way": { who: nobody, next: status },
  "run-awaits-approval": { who: pushers, next: null },
} as const satisfies Record<RefusalReason, Remedy>;

/** A refusal as it was decided: what and why, and what it knows better than the registry. */
export interface Refused {
  readonly code: RefusalReason;
  /** What, and why. */
  readonly message: string;
  /** Who can change it, by name. */
  readonly who?: string;
  readonly nextLine?: string;
}

/** What was asked, as people are shown it, and the line that asks for the same. */
export interface AskedLine {
  readonly line: string;
  readonly typed?: string;
}

/** What is said to a refusal: what, why, who can, and the line to type next; none of the four is ever missing. */
export function refusedAnswer({ line, typed = line }: AskedLine, { code, message, who, nextLine }: Refused): Answer {
  const remedy: Remedy = remedies[code];
  return { command: line, kind: "refused", sentence: message, who: who ?? remedy.who, next: nextLine ?? remedy.next ?? typed };
}
