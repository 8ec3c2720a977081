/** What happened, for operators. Facts hold no secret and no untrusted text beyond names. */
export interface Log {
  info(event: string, facts: Readonly<Record<string, unknown>>): void;
  warn(event: string, facts: Readonly<Record<string, unknown>>): void;
}
