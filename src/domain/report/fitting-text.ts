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
  for (const limits of everTighter()) {
    const text = render(limits);
    if (text.length <= mostCharacters) return text;
  }
  throw new TextDoesNotFit(`even the shortest text is longer than ${mostCharacters} characters: an overriding template writes too much`);
}

function* everTighter(): Generator<Limits> {
  let limits = fullLimits;
  yield limits;
  for (const part of ["measurements", "gates", "problems"] as const) {
    for (const atMost of [100, 30, 10, part === "measurements" ? 0 : 3]) {
      limits = { ...limits, [part]: Math.min(limits[part], atMost) };
      yield limits;
    }
  }
  for (const slices of [1, 0]) yield (limits = { ...limits, slices });
  for (const models of [20, 10, 5, 2, 1]) yield (limits = { ...limits, models });
}

/** Nothing of a report would fit into a comment. */
export class TextDoesNotFit extends Error {
  override readonly name = "TextDoesNotFit";
}
