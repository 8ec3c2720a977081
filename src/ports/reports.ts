import type { CommitSha } from "#domain/model/names.ts";

/** The two views of a judgement on a pull request. Publishing twice changes nothing; both are never read for a decision (invariant 1). */
export interface Reports {
  /** The one check run named `slipway` of a head. */
  check(check: CheckView): Promise<void>;
  /** The one sticky comment of a pull request: the oldest with our marker and app id is edited, later ones are removed. */
  comment(pullRequest: number, body: string): Promise<void>;
}

export interface CheckView {
  readonly head: CommitSha;
  readonly title: string;
  readonly summary: string;
  /** Buttons, at most three; none when left out. */
  readonly actions?: readonly CheckButton[];
  readonly state: { readonly kind: "completed"; readonly conclusion: "success" | "failure" } | { readonly kind: "pending" };
}

export interface CheckButton {
  readonly label: string;
  readonly description: string;
  /** What a click on it tells. */
  readonly identifier: string;
}
