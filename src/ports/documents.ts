/** Files that a person names on the command line to have them read; nobody else's word leads here. */
export interface Documents {
  /** The texts of these files; a folder stands for Slipway's files in it. */
  read(paths: readonly string[]): Promise<readonly NamedDocument[]>;
}

export type NamedDocument =
  | { readonly kind: "text"; readonly path: string; readonly text: string }
  | { readonly kind: "unreadable"; readonly path: string; readonly reason: string };
