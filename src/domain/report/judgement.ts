import type { Report } from "#domain/evaluation/report.ts";
import type { Verdict } from "#domain/evaluation/verdict.ts";
import type { CommitSha, Digest, ModelName, VersionRef } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import type { Problem } from "#domain/text/problem.ts";

/** What Slipway thinks of one head of a pull request: the comment and the check are views of this, and commands are decided on it. */
export interface PullRequestJudgement {
  readonly pullRequest: number;
  readonly head: CommitSha;
  /** Why nothing that this pull request asks for can be released, whatever its evidence: another base branch, an unknown repository. */
  readonly refusals: readonly Refusal[];
  readonly models: readonly ModelJudgement[];
  /** The worst of its models; `pass` when none changed. */
  readonly verdict: Verdict;
}

export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
}

export const refusalCodes = ["base-not-named-by-policy", "repository-not-named-by-policy", "policy-unreadable"] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/** Why a model's verdict is what it is, beside its gates. */
export const judgementCodes = [
  "judged",
  "no-evidence",
  "evidence-refused",
  "only-self-reported",
  "definition-invalid",
  "definition-changed",
  "baseline-moved",
  "candidate-differs",
  "measurements-differ",
  "model-not-in-policy",
  "live-unreadable",
  "digest-unchanged",
  "cluster-refuses",
  "cluster-not-asked",
  "removed",
] as const;
export type JudgementCode = (typeof judgementCodes)[number];

export interface ModelJudgement {
  readonly model: ModelName;
  /** What the head proposes; null when its model.yaml cannot be read. */
  readonly candidate: VersionRef | null;
  /** What is live in the reference environment; null when the model was never live. */
  readonly baseline: VersionRef | null;
  readonly verdict: Verdict;
  readonly code: JudgementCode;
  /** One sentence: what, why, what to do next. */
  readonly message: string;
  /** Errors of the head's or the default branch's definition. */
  readonly problems: readonly Problem[];
  /** Parts of the head's definition that do not count here (invariant 4), such as `gates`. */
  readonly ignoredChanges: readonly string[];
  /** Trusted evidence with its gates judged under today's rules; this alone decides. */
  readonly evidence: JudgedEvidence | null;
  /** How often the evidence's holdout has been looked at; null without evidence. */
  readonly looks: HoldoutLooks | null;
  /** Evidence without trusted provenance: shown, never gating. */
  readonly selfReported: SelfReportedEvidence | null;
  /** What is known around the evidence; absent without evidence. */
  readonly background?: Background;
}

/** What a reader wants to know beside the numbers, and no verdict rests on. */
export interface Background {
  /** When the evidence was recorded. */
  readonly evaluatedAt: Instant | null;
  /** Since when the baseline is live. */
  readonly liveSince: Instant | null;
  /** Other heads of the pull request with trusted evidence, one report a head as today's rules judge it, the newest first. */
  readonly earlier: readonly EarlierEvaluation[];
}

export interface EarlierEvaluation {
  readonly head: CommitSha;
  readonly evaluatedAt: Instant;
  readonly report: Report;
}

/** Distinct candidates that were measured on one dataset, this one included; the same again does not count. */
export interface HoldoutLooks {
  readonly pullRequest: number;
  /** In all pull requests whose evidence is kept; null: not counted. */
  readonly all: number | null;
  /** The verdict with every gate's confidence corrected for this pull request's looks (Bonferroni). */
  readonly corrected: Verdict;
  /** Whether policy lets the corrected verdict count. */
  readonly counts: boolean;
}

export interface JudgedEvidence {
  /** As today's rules judge it: its gates and verdict replace the ones that were recorded. */
  readonly report: Report;
  /** Digest of the exact bytes of the recorded report. */
  readonly digest: Digest;
  readonly run: number;
  readonly attempt: number;
  /** The trusted workflow that computed it. */
  readonly workflow: string;
}

export interface SelfReportedEvidence {
  readonly report: Report;
  readonly run: number;
  readonly attempt: number;
  /** Why it is not trusted. */
  readonly reason: string;
}
