/** How many rows of each kind a text may show; what is more is counted, never cut in the middle. */
export interface Limits {
  readonly models: number;
  readonly gates: number;
  readonly slices: number;
  readonly problems: number;
  readonly measurements: number;
  readonly history: number;
}

export const fullLimits: Limits = { models: 50, gates: 200, slices: 5, problems: 50, measurements: 500, history: 20 };

export interface Shown<Row> {
  readonly rows: readonly Row[];
  /** `12 more rows are in the report`; null when all are shown. */
  readonly more: string | null;
}

export function shown<Row>(rows: readonly Row[], atMost: number, what: string): Shown<Row> {
  const left = rows.length - atMost;
  if (left <= 0) return { rows, more: null };
  const number = atMost === 0 ? `${left}` : `${left} more`;
  return { rows: rows.slice(0, Math.max(0, atMost)), more: `${number} ${left === 1 ? what.replace(/s$/, "") : what}` };
}
