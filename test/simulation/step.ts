import type { Service } from "#test/support/fakes/metrics.ts";

/** Which of the App's two replicas. */
export type ReplicaNumber = 0 | 1;

/** Everything by which the App writes to the world: pushes by git, the rest by GitHub's REST interface. */
export const writeKinds = [
  "git push",
  "git push of a branch",
  "git push of evidence",
  "POST run again",
  "POST /issues/{issue_number}/comments",
  "PATCH /issues/comments/{comment_id}",
  "DELETE /issues/comments/{comment_id}",
  "POST /issues/comments/{comment_id}/reactions",
  "POST /check-runs",
  "PATCH /check-runs/{check_run_id}",
  "POST /issues",
  "PATCH /issues/{issue_number}",
  "POST /pulls",
  "PUT /pulls/{pull_number}/merge",
] as const;
export type WriteKind = (typeof writeKinds)[number];

export const faultKinds = [
  "dies before",
  "dies after",
  /** 5xx: the call was not carried out, or it was and nobody heard. */
  "down before",
  "down after",
  /** 403 with retry-after. */
  "limited",
  /** The host's rules refuse the push. */
  "push refused",
  /** Somebody pushes to the environments repository just before. */
  "overtaken by a push",
  "overtaken by an edit",
  "overtaken by a freeze",
  "overtaken by a hold",
] as const;

/** What goes wrong, at the n-th call (from 1) of its sort within a step. */
export interface Fault {
  readonly at: "read" | "write";
  /** Counts only writes of this kind; null counts all. */
  readonly of: WriteKind | null;
  readonly nth: number;
  readonly how: (typeof faultKinds)[number];
}

/** What becomes of the webhook that an event causes. */
export interface Delivery {
  readonly kind: "at once" | "later" | "lost" | "twice";
  readonly replica: ReplicaNumber;
  readonly fault: Fault | null;
}

/** What people and their machines do. Numbers that point at something are taken modulo what there is, so that any part of a history is one. */
export type PeoplesAct =
  | { readonly does: "open"; readonly candidate: number; readonly author: string; readonly fork: boolean }
  | { readonly does: "push"; readonly pull: number; readonly candidate: number }
  | { readonly does: "force back"; readonly pull: number }
  | { readonly does: "measure"; readonly pull: number; readonly good: boolean; readonly signed: boolean; readonly stale: boolean }
  | { readonly does: "say"; readonly pull: number; readonly author: string; readonly line: number; readonly which: number }
  | { readonly does: "edit comment" | "delete comment"; readonly comment: number }
  | { readonly does: "close" | "reopen" | "merge" | "retarget" | "draft" | "queue"; readonly pull: number }
  | { readonly does: "click"; readonly pull: number; readonly author: string; readonly button: number }
  | { readonly does: "write policy"; readonly variant: number }
  | { readonly does: "freeze" | "thaw" }
  | { readonly does: "hold" | "lift"; readonly environment: number; readonly version: number }
  | { readonly does: "edit by hand"; readonly environment: number; readonly what: "route" | "state" | "elsewhere" }
  | { readonly does: "merge proposal" | "close proposal"; readonly proposal: number };

/** One step of a history. */
export type Step =
  | { readonly is: "people"; readonly act: PeoplesAct; readonly delivery: Delivery }
  /** The alarms of both replicas ring; what goes wrong goes wrong for the first. */
  | { readonly is: "time"; readonly milliseconds: number; readonly fault: Fault | null }
  | { readonly is: "serve"; readonly candidate: number; readonly service: Service }
  | { readonly is: "cluster"; readonly mode: ClusterMode }
  | { readonly is: "resync"; readonly replica: ReplicaNumber; readonly fault: Fault | null }
  /** A webhook that waits is delivered; `keep`: it will come again. */
  | { readonly is: "deliver"; readonly hint: number; readonly replica: ReplicaNumber; readonly keep: boolean; readonly fault: Fault | null }
  /** Both replicas do everything at once, interleaved as `order` says. */
  | { readonly is: "race"; readonly order: number; readonly fault: Fault | null }
  | { readonly is: "restart"; readonly replica: ReplicaNumber };

/** follows: what Git says is served at the next step; lags: what was served still is; hidden: its API answers 503; rejects: the gateway does not take the newest route. */
export type ClusterMode = "follows" | "lags" | "hidden" | "rejects";

/** All that a history is made of, replayable from its seed or from its text. */
export interface History {
  readonly seed: number;
  readonly setting: Setting;
  readonly steps: readonly Step[];
}

export interface Setting {
  readonly environments: "one" | "two";
  /** Which of the policies that people write is in force at the beginning. */
  readonly policy: number;
  /** Milliseconds by which the clock of each replica is wrong. */
  readonly skew: readonly [number, number];
}
