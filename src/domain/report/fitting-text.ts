import { fullLimits, type Limits } from "./shown-rows.ts";

/**
 * Under GitHub's 65,536 characters for a comment and 65,535 for a check's summary, with room for what the adapter adds. In UTF-8 these
 * are at most 180,000 bytes, which is below what was ever seen to be refused.
 */
export const mostCharacters = 60_000;

/**
 * The most complete text that fits: measurements go first, then gates that pass, slices and problems, at last whole models. The verdict
 * of each model that is shown stays, and every table ends at a row. Pure when `render` is.
 */
export function fittingText(render: (limits: Limits) => string): string {
  for (const limits of everTighter) {
    const text = render(limits);
    if (text.length <= mostCharacters) return text;
  }
  throw new TextDoesNotFit(`even the shortest text is longer than ${mostCharacters} characters: an overriding template writes too much`);
}

/** Ever fewer rows: of measurements first, of models last. */
const everTighter: readonly Limits[] = [
  fullLimits,
  { models: 50, gates: 200, slices: 5, problems: 50, measurements: 100, history: 5 },
  { models: 50, gates: 200, slices: 5, problems: 50, measurements: 30, history: 5 },
  { models: 50, gates: 200, slices: 5, problems: 50, measurements: 0, history: 0 },
  { models: 50, gates: 60, slices: 5, problems: 20, measurements: 0, history: 0 },
  { models: 50, gates: 20, slices: 5, problems: 10, measurements: 0, history: 0 },
  { models: 50, gates: 8, slices: 3, problems: 5, measurements: 0, history: 0 },
  { models: 50, gates: 3, slices: 1, problems: 3, measurements: 0, history: 0 },
  { models: 20, gates: 3, slices: 0, problems: 3, measurements: 0, history: 0 },
  { models: 10, gates: 3, slices: 0, problems: 3, measurements: 0, history: 0 },
  { models: 5, gates: 3, slices: 0, problems: 3, measurements: 0, history: 0 },
  { models: 1, gates: 3, slices: 0, problems: 3, measurements: 0, history: 0 },
];

/** Nothing of a report would fit into a comment. */
export class TextDoesNotFit extends Error {
  override readonly name = "TextDoesNotFit";
}
