/** The CI job in which the Action runs: what it proves of itself, and what it shows of us. */
export interface Runner {
  /** A token that says which workflow run asks, for one audience; masked in the log. */
  identityToken(audience: string): Promise<IdentityToken>;
  /** Shows a line at the job; those beyond the runner's limit are dropped. */
  annotate(annotation: Annotation): void;
  /** Outputs of the step. */
  output(name: string, value: string): void;
  /** The step's summary, Markdown. */
  summary(markdown: string): Promise<void>;
}

export type IdentityToken = { readonly kind: "token"; readonly token: string } | { readonly kind: "none"; readonly reason: string };

export type Annotation = {
  readonly level: "error" | "warning" | "notice";
  readonly message: string;
  /** A place in the head's tree. */
  readonly place?: { readonly file: string; readonly line: number; readonly column: number };
};
