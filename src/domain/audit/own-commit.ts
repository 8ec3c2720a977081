import type { SlipwayIdentity } from "#domain/environment/authorship.ts";
import { parseTrailers } from "#domain/environment/trailers.ts";
import type { HistoricCommit } from "./history.ts";

/** Whether Slipway made it, by author and trailers: what others write in their messages is not its word (invariant 10). */
export function isOwnCommit({ author, message }: Pick<HistoricCommit, "author" | "message">, slipway: SlipwayIdentity): boolean {
  const trailers = parseTrailers(message);
  return (
    author.email === slipway.email && (trailers["Slipway-Release"] ?? trailers["Slipway-Command"] ?? trailers["Slipway-Step"]) !== undefined
  );
}
