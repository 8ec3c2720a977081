import type { CommitSha } from "#domain/model/names.ts";
import type { Annotation } from "#ports/runner.ts";

/** The two views of a judgement on a pull request. Publishing twice changes nothing; both are never read for a decision (invariant 1). */
export interface Reports {
  /** The one check run of ours of a head; one with annotations is followed by another when it would say something else. */
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
  /** Beside lines of the head's files; the first 50 are shown. */
  readonly annotations?: readonly PlacedAnnotation[];
  readonly state: { readonly kind: "completed"; readonly conclusion: "success" | "failure" } | { readonly kind: "pending" };
}

export type PlacedAnnotation = Annotation & Required<Pick<Annotation, "place">>;

export interface CheckButton {
  readonly label: string;
  readonly description: string;
  /** What a click on it tells. */
  readonly identifier: string;
}
