/** What is drawn on one line: an interval, and up to three marks beside it. */
export interface DrawnInterval {
  readonly lower: number;
  readonly value: number;
  readonly upper: number;
  /** The rule's limits. */
  readonly limits: readonly number[];
  /** Where nothing has changed; null when the numbers are no changes. */
  readonly zero: number | null;
}

export interface Scale {
  readonly from: number;
  readonly to: number;
}

const width = 25;

/** The smallest scale on which all of them can be drawn. */
export function scaleOf(drawn: readonly DrawnInterval[]): Scale {
  const points = drawn.flatMap(({ lower, value, upper, limits, zero }) => [
    lower,
    value,
    upper,
    ...limits,
    ...(zero === null ? [] : [zero]),
  ]);
  const from = Math.min(...points);
  const to = Math.max(...points);
  return from < to ? { from, to } : { from: from - 1, to: to + 1 };
}

/**
 * An interval as text of fixed width, which works in a comment, a mail and a terminal: `··[━━●━━]··│···0··`, where `●` is the estimate,
 * `│` the rule's limit and `0` no change. What would hide the estimate is left out.
 */
export function intervalGlyph({ lower, value, upper, limits, zero }: DrawnInterval, scale: Scale): string {
  const cells = Array.from({ length: width }, () => "·");
  const at = (point: number) => Math.round(((point - scale.from) / (scale.to - scale.from)) * (width - 1));
  const [start, end] = [at(lower), at(upper)];
  cells.fill("━", start, end + 1);
  if (zero !== null) cells[at(zero)] = "0";
  for (const limit of limits) cells[at(limit)] = "│";
  cells[start] = "[";
  cells[end] = "]";
  cells[at(value)] = "●";
  return cells.join("");
}
