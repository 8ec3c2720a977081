import type { FileWrite } from "#domain/environment/change.ts";
import type { Move } from "#domain/rollout/moves.ts";
import type { DeployRefusalCode } from "./deploy-refusal.ts";

/** What comes of a command: a refusal with its reason, or one commit. */
export type CommandDecision = CommandRefusal | CommandPlan;

export interface CommandRefusal {
  readonly kind: "refuse";
  readonly code: CommandRefusalCode;
  /** What and why; plain text. */
  readonly message: string;
  /** Who can change it, where it knows better than the registry of reasons. */
  readonly who?: string;
  readonly nextLine?: string;
}

export type CommandPlan =
  | { readonly kind: "move"; readonly move: Move; readonly why: string }
  /** Files of people's own folders: holds, locks, freezes. */
  | {
      readonly kind: "files";
      readonly subject: string;
      readonly step: string;
      readonly why: string;
      readonly writes: readonly FileWrite[];
    };

const commandRefusalCodes = [
  "comment-edited",
  "comment-too-old",
  "policy-unreadable",
  "unknown-environment",
  "model-required",
  "no-model-changed",
  "model-not-in-policy",
  "repository-not-named-by-policy",
  "not-permitted",
  "state-unreadable",
  "record-unreadable",
  "never-adopted",
  "no-release-open",
  "began-after-comment",
  "stopping",
  "already-paused",
  "not-paused",
  "paused-by-a-person",
  "edited",
  "edit-not-named",
  "held",
  "frozen",
  "nothing-failed",
  "rollback-open",
  "rollback-on-its-way",
  "stable-not-verified",
  "stable-held",
  "no-verified-target",
  "not-recorded",
  "digest-unknown",
  "digest-ambiguous",
  "already-held",
  "not-held",
  "hold-unreadable",
  "already-locked",
  "not-locked",
  "lock-unreadable",
  "already-frozen",
  "not-frozen",
  "freeze-of-the-policy",
  "freeze-unreadable",
  "freeze-ends-in-the-past",
  "approvals-not-asked",
  "approvals-unreadable",
  "own-version",
  "nothing-to-approve",
  "already-approved",
  "overrides-not-allowed",
  "overrides-unreadable",
  "already-set-aside",
  "environment-required",
  "reason-missing",
  "nothing-in-the-way",
  "unknown-name",
] as const;
/** Its own reasons, and those for which a deploy of the same version would be refused. */
export type CommandRefusalCode = (typeof commandRefusalCodes)[number] | DeployRefusalCode;

export function refuseCommand(code: CommandRefusalCode, message: string, nextLine?: string, who?: string): CommandRefusal {
  return { kind: "refuse", code, message, ...(nextLine !== undefined && { nextLine }), ...(who !== undefined && { who }) };
}
