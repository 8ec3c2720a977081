import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { CommitSha, Digest, ModelName, ReleaseId, RepositoryName } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import type { EnvironmentRules, Policy } from "#domain/policy/policy.ts";
import type { Owners, Standing } from "#domain/policy/roles.ts";
import type { PullRequestJudgement } from "#domain/report/judgement.ts";
import type { DeployCommand } from "./deploy.ts";
import type { Trigger } from "./trigger.ts";

/** All that a deploy is decided on, read before and never again while it is decided. */
export interface DeployRequest {
  readonly command: DeployCommand;
  readonly trigger: Trigger;
  /** Of a click or a merge: who did it, and when. */
  readonly comment: CommentSituation;
  readonly now: Instant;
  /** Whether a commit of the environments repository carries the trigger as its `Slipway-Command`. */
  readonly executed: boolean;
  /** What GitHub says of the comment's author. */
  readonly standing: Standing;
  /** Whose the model is. */
  readonly owners: Owners;
  readonly repository: { readonly id: number; readonly name: RepositoryName };
  readonly pullRequest: PullRequestSituation;
  /** Every accepted run of this pull request, trusted or not: which head it is of, and when it was recorded. */
  readonly evaluations: readonly RecordedEvaluation[];
  /** Of the pull request's head, under the policy of `snapshot`. */
  readonly judgement: PullRequestJudgement;
  /** Models of the judgement that the default branch does not hold. */
  readonly newModels: readonly ModelName[];
  /** Of what would serve the version alone, by which approvals are bound; null when it cannot be rendered. */
  readonly manifests: Digest | null;
  /** The release that a deploy would supersede; undefined when it asks for no such thing, or its record cannot be read. */
  readonly openRelease?: { readonly id: ReleaseId; readonly startedAt: Instant; readonly editedBy: string | undefined } | undefined;
  /** The environments repository: policy, states, holds and freezes. */
  readonly snapshot: EnvironmentsSnapshot;
}

export interface CommentSituation {
  readonly author: string;
  readonly byBot: boolean;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface PullRequestSituation {
  readonly number: number;
  readonly author: string;
  readonly state: "open" | "closed";
  readonly merged: boolean;
  readonly draft: boolean;
  /** Of a merged one, the head that was merged. */
  readonly head: CommitSha;
  readonly base: { readonly ref: string };
  /** null when the repository of the head is gone. */
  readonly headRepositoryId: number | null;
}

export interface RecordedEvaluation {
  readonly sha: CommitSha;
  readonly evaluatedAt: Instant;
}

/** A request whose policy could be read and names the environment. */
export interface PlacedRequest extends DeployRequest {
  readonly policy: Policy;
  readonly environment: EnvironmentRules;
}
