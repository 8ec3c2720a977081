/** The CI job in which the Action runs: what it proves of itself, and what it shows of us. */
export interface Runner {
  /** A token that says which workflow run asks, for one audience; undefined when the job has no permission to prove it. Masked in the log. */
  identityToken(audience: string): Promise<string | undefined>;
  annotate(annotation: Annotation): void;
  /** Outputs of the step. */
  output(name: string, value: string): void;
  /** The step's summary, Markdown. */
  summary(markdown: string): Promise<void>;
}

export type Annotation = {
  readonly level: "error" | "warning" | "notice";
  readonly message: string;
  /** A place in the head's tree. */
  readonly place?: { readonly file: string; readonly line: number; readonly column: number };
};
