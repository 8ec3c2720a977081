import type { JudgementCode, RefusalCode } from "#domain/report/judgement.ts";

const ownCodes = [
  "comment-edited",
  "comment-too-old",
  "unknown-environment",
  "fork-head",
  "closed-unmerged",
  "draft",
  "not-merged",
  "not-a-deployer",
  "sha-required",
  "sha-not-evaluated",
  "sha-ambiguous",
  "head-moved",
  "no-model-changed",
  "model-required",
  "model-not-changed",
  "verdict-not-pass",
  "state-unreadable",
  "already-live",
  "held",
  "frozen",
  "not-verified-before",
  "verified-too-recently",
  "too-many-releases",
  "over-budget",
  "not-approved",
  "release-open",
  "locked",
  "not-superseded",
  "nothing-before",
  "first-version-needs-approver",
] as const;

/** Why a deploy is refused: its own reasons, and those for which the pull request or the model was judged unfit. */
export type DeployRefusalCode = (typeof ownCodes)[number] | RefusalCode | Exclude<JudgementCode, "judged">;

export interface DeployRefusal {
  readonly kind: "refuse";
  readonly code: DeployRefusalCode;
  /** What and why; plain text. */
  readonly message: string;
  /** Who can change it, where it knows better than the registry of reasons. */
  readonly who?: string;
  /** What to type next, where a line helps. */
  readonly nextLine?: string;
}

export function refuse(code: DeployRefusalCode, message: string, nextLine?: string, who?: string): DeployRefusal {
  return { kind: "refuse", code, message, ...(nextLine !== undefined && { nextLine }), ...(who !== undefined && { who }) };
}
