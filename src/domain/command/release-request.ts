import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { EnvironmentState, OpenRelease } from "#domain/environment/state.ts";
import type { CommitSha, Digest, Login, ModelName, RepositoryName, VersionRef } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import type { Person } from "#domain/policy/permission.ts";
import type { EnvironmentRules, Policy } from "#domain/policy/policy.ts";
import type { PullRequestJudgement } from "#domain/report/judgement.ts";
import type { ReleaseRecord } from "#domain/rollout/release.ts";
import type { ApproveCommand } from "./approve.ts";
import type { CommentSituation, PullRequestSituation, RecordedEvaluation } from "./deploy-request.ts";
import type { Command } from "./registry.ts";
import type { AskedTrigger } from "./trigger.ts";

export type ReleaseCommand = Extract<Command, { readonly kind: "pause" | "resume" | "abort" | "rollback" | "retry" }>;
export type HoldCommand = Extract<Command, { readonly kind: "hold" | "unhold" }>;
export type LockCommand = Extract<Command, { readonly kind: "lock" | "unlock" }>;
/** A command about one model in one environment. */
export type ModelCommand = ReleaseCommand | HoldCommand | LockCommand | ApproveCommand;
export type FreezingCommand = Extract<Command, { readonly kind: "freeze" | "unfreeze" }>;

/** What every command is decided on, read before and never again while it is decided. */
export interface CommandRequest<Asked> {
  readonly command: Asked;
  /** As it was typed; of a click, the line that does the same. */
  readonly line: string;
  readonly trigger: AskedTrigger;
  /** Of a click: who did it, and when. */
  readonly comment: CommentSituation;
  readonly now: Instant;
  readonly by: Login;
  readonly person: Person;
  readonly repository: { readonly id: number; readonly name: RepositoryName };
  readonly pullRequest: number;
  /** The models that the pull request changes, and the versions it proposes. */
  readonly changed: readonly ModelName[];
  readonly proposed: readonly { readonly model: ModelName; readonly version: VersionRef }[];
  readonly snapshot: EnvironmentsSnapshot;
}

/** A request whose policy lets this person do this to this model there. */
export interface PlacedCommand<Asked> extends CommandRequest<Asked> {
  readonly kind: "placed";
  readonly policy: Policy;
  readonly environment: EnvironmentRules;
  readonly model: ModelName;
}

/** Where the one release of a model in an environment stands. */
export interface ReleaseStanding {
  readonly state: EnvironmentState;
  readonly open: OpenRelease | null;
  /** Of the open release; when none is open, of the one that brought what is live. undefined: there is none. */
  readonly record: ReleaseRecord | undefined;
  /** Set when someone else than Slipway wrote the model's files last (invariant 10). */
  readonly edit: { readonly by: string; readonly commit: CommitSha } | undefined;
  /** The rollback pull request of a release that is stopping. */
  readonly proposal: { readonly number: number; readonly state: "open" | "merged" | "closed" } | undefined;
}

/** Where the version that a pull request proposes stands: what a consent to it rests on. */
export interface VersionStanding {
  readonly pullRequest: PullRequestSituation;
  readonly evaluations: readonly RecordedEvaluation[];
  readonly judgement: PullRequestJudgement;
  /** Of what would serve the version alone in the environment that is meant; null when there is none, or none is meant. */
  readonly manifests: Digest | null;
}
