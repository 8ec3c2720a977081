import { fullLimits, type Limits } from "./shown-rows.ts";

/** Under GitHub's 65,536 characters for a comment and 65,535 for a check's summary, with room for what the adapter adds. */
export const mostCharacters = 60_000;

/** GitHub's true bound seems to be one of bytes; characters of other scripts take up to three. */
const mostBytes = 200_000;

/**
 * The most complete text that fits: measurements go first, then gates that pass, slices and problems, at last whole models. The verdict
 * of each model that is shown stays, and every table ends at a row. Pure when `render` is.
 */
export function fittingText(render: (limits: Limits) => string): string {
  for (const limits of everTighter()) {
    const text = render(limits);
    if (fits(text)) return text;
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

function fits(text: string): boolean {
  return text.length <= mostCharacters && bytesOf(text) <= mostBytes;
}

/** Bytes in UTF-8. */
function bytesOf(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** Nothing of a report would fit into a comment. */
export class TextDoesNotFit extends Error {
  override readonly name = "TextDoesNotFit";
}
