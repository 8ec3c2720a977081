import type { Instant } from "#domain/model/time.ts";

/** A workflow run of a head as GitHub lists it, whatever came of it. */
export interface ListedRun {
  readonly id: number;
  /** The newest. */
  readonly attempt: number;
  readonly event: string;
  readonly createdAt: Instant;
  /** Of the newest attempt. */
  readonly startedAt: Instant;
  readonly state: "under-way" | "completed" | "awaits-approval";
  /** The reusable workflows that it calls: `owner/name/.github/workflows/<file>.yml`, without the ref. */
  readonly calls: readonly string[];
}

/** One attempt of a run. */
export interface RunAttempt {
  readonly run: number;
  readonly attempt: number;
}
