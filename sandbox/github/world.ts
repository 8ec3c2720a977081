import type { Barriers } from "./barriers.ts";
import type { Contract } from "./contract.ts";
import type { Faults } from "./faults.ts";
import type { Oidc } from "./oidc.ts";
import type { Webhooks } from "./webhooks.ts";

export const roles = ["none", "read", "triage", "write", "maintain", "admin"] as const;
export type Role = (typeof roles)[number];
export type Level = "read" | "write";
export type Permissions = Readonly<Record<string, Level>>;

export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: "User" | "Organization" | "Bot";
  readonly createdAt: Date;
}

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly clientId: string;
  readonly owner: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly createdAt: Date;
}

export interface Installation {
  readonly id: number;
  readonly account: string;
  /** What its owner grants: all that the App asks for, until some of it is withdrawn. */
  permissions: Permissions;
  /** How a call is refused for a permission that it lacks: GitHub says 403 of what one may know of, 404 of what one may not. */
  refusal: 403 | 404;
  readonly createdAt: Date;
}

export type Identity =
  | { readonly kind: "app"; readonly app: App }
  | { readonly kind: "person"; readonly login: string }
  | {
      readonly kind: "installation";
      readonly app: App;
      readonly account: string;
      /** Absent: every repository of the account. */
      readonly repositories?: ReadonlySet<number>;
      readonly permissions: Permissions;
      readonly expiresAt: Date;
    };

export interface Protection {
  readonly branch: string;
  /** Logins that may push without a pull request. */
  readonly bypass: readonly string[];
  /** Check runs that must be `success` on the head before a merge; `app` names their source. */
  readonly requiredChecks: readonly { readonly name: string; readonly app?: number | undefined }[];
  readonly requiredApprovals: number;
}

export interface Repository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly fullName: string;
  readonly private: boolean;
  readonly defaultBranch: string;
  readonly folder: string;
  readonly permissions: Map<string, Role>;
  readonly protection: readonly Protection[];
  readonly forkOf?: Repository;
  readonly createdAt: Date;
  readonly issues: Issue[];
  readonly checks: CheckRun[];
  readonly runs: Run[];
}

export interface Comment {
  readonly id: number;
  readonly issue: Issue;
  readonly author: string;
  readonly app?: App;
  body: string;
  readonly createdAt: Date;
  updatedAt: Date;
  readonly reactions: Reaction[];
}

export interface Reaction {
  readonly id: number;
  readonly content: string;
  readonly author: string;
  readonly createdAt: Date;
}

export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly repository: Repository;
  title: string;
  body: string | null;
  state: "open" | "closed";
  stateReason: "completed" | "not_planned" | "reopened" | null;
  readonly author: string;
  readonly app?: App;
  labels: readonly string[];
  assignees: readonly string[];
  readonly createdAt: Date;
  updatedAt: Date;
  closedAt: Date | null;
  closedBy: string | null;
  readonly comments: Comment[];
  readonly pull?: Pull;
}

export interface Pull {
  readonly id: number;
  readonly headRepository: Repository;
  readonly headRef: string;
  baseRef: string;
  readonly draft: boolean;
  /** The newest values seen; while the pull request is open they are read again from the repositories. */
  headSha: string;
  baseSha: string;
  mergedAt: Date | null;
  mergedBy: string | null;
  mergeCommit: string | null;
  readonly reviews: Review[];
}

export interface Review {
  readonly id: number;
  readonly author: string;
  readonly state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED";
  readonly body: string;
  readonly commit: string;
  readonly submittedAt: Date;
}

export interface CheckOutput {
  readonly title: string | null;
  readonly summary: string | null;
  readonly text: string | null;
  readonly annotations: number;
}

export interface CheckRun {
  readonly id: number;
  readonly suite: number;
  readonly app: App;
  readonly repository: Repository;
  readonly headSha: string;
  name: string;
  externalId: string | null;
  detailsUrl: string | null;
  /** Identifiers of its buttons. */
  actions: readonly string[];
  status: "queued" | "in_progress" | "completed";
  conclusion: string | null;
  startedAt: Date | null;
  completedAt: Date | null;
  output: CheckOutput;
}

export interface CalledWorkflow {
  /** `owner/name/.github/workflows/file.yml@ref` */
  readonly ref: string;
  readonly sha: string;
}

export interface Attempt {
  readonly number: number;
  status: "queued" | "in_progress" | "completed";
  conclusion: string | null;
  readonly startedAt: Date;
  updatedAt: Date;
  readonly triggeredBy: string;
}

export interface Run {
  readonly id: number;
  readonly number: number;
  readonly workflowId: number;
  readonly repository: Repository;
  readonly headRepository: Repository;
  readonly event: string;
  /** The calling workflow's file. */
  readonly path: string;
  readonly called?: CalledWorkflow;
  readonly name: string;
  readonly actor: string;
  readonly ref: string;
  readonly headBranch: string | null;
  readonly headSha: string;
  readonly baseRef: string | null;
  /** What `github.sha` is: for a pull request the merge commit, not the head. */
  readonly sha: string;
  readonly pull?: Issue;
  readonly permissions: Permissions;
  readonly idToken: boolean;
  readonly createdAt: Date;
  readonly attempts: Attempt[];
  readonly artifacts: Artifact[];
}

/** What a runner holds while an attempt runs; all three tokens die when it ends. */
export interface Job {
  readonly run: Run;
  readonly attempt: Attempt;
  readonly githubToken: string;
  readonly runtimeToken: string;
  readonly idRequestToken: string;
}

export interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly attempt: number;
  readonly run: Run;
  readonly blocks: Map<string, Buffer>;
  bytes: Buffer;
  final: boolean;
  expired: boolean;
  readonly createdAt: Date;
}

export interface RequestEntry {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** The operation of GitHub's description, or git's. */
  operation: string | null;
  login: string | null;
  /** 0: the line was cut. */
  status: number;
  fault?: string;
  /** The caller waits for an answer that will not come; what was to be done before is done. */
  held?: true;
}

/** Everything GitHub would know. Lives in memory, because GitHub does not restart; repositories are on disk. */
export interface World {
  readonly origin: string;
  readonly data: string;
  readonly clock: () => Date;
  readonly nextId: (kind: string) => number;
  readonly accounts: Map<string, Account>;
  /** organisation → team → login → role */
  readonly teams: Map<string, Map<string, Map<string, "member" | "maintainer">>>;
  readonly members: Map<string, Set<string>>;
  readonly tokens: Map<string, Identity>;
  readonly app: App;
  /** True for a JSON web token that the App's private key signed and that GitHub would take; else GitHub's complaint. */
  readonly verifyAppToken: (token: string) => Promise<true | string>;
  readonly installations: Installation[];
  readonly repositories: Map<string, Repository>;
  readonly jobs: Job[];
  readonly oidc: Oidc;
  /** Signs the addresses under which artifacts are put and fetched. */
  readonly signatureKey: string;
  readonly webhooks: Webhooks;
  readonly faults: Faults;
  readonly barriers: Barriers;
  readonly contract: Contract;
  readonly requests: RequestEntry[];
  /** login → calls that count against its rate */
  readonly spent: Map<string, number>;
  /** An answer that breaks the contract becomes a 500. */
  readonly strict: boolean;
}

/** GitHub shows whole seconds. */
export function iso(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

export function isoOrNull(date: Date | null): string | null {
  return date === null ? null : iso(date);
}

export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`${kind}:${id}`).toString("base64url");
}

export function currentAttempt(run: Run): Attempt {
  const attempt = run.attempts.at(-1);
  if (attempt === undefined) throw new Error(`run ${run.id} has no attempt`);
  return attempt;
}
