import { GitFailure } from "./git-failure.ts";

/** What `git push --porcelain` said of our one ref. */
export type PushAnswer =
  | { readonly kind: "accepted" }
  /** The remote stands elsewhere than we thought; it may be at our own commit. */
  | { readonly kind: "rejected" }
  /** The host's rules are against it. */
  | { readonly kind: "refused"; readonly message: string }
  /** The host did not answer, or not to the end: whether it moved the ref is not known. */
  | { readonly kind: "lost"; readonly failure: GitFailure }
  /** It moved nothing, and neither rules nor a race are the reason: wrong credentials, no such repository, a damaged folder. */
  | { readonly kind: "failed"; readonly failure: GitFailure };

/** Reasons in brackets after `[remote rejected]` that mean a lost race. Everything else there is a rule, unless it is the host's own trouble. */
const race =
  /failed to update ref|lock|fetch first|stale info|non-fast-forward|already exists|does not exist|incorrect old value|is at [0-9a-f]+ but expected/i;
const trouble = /internal|unpacker|timed? ?out|try again|temporar/i;

export function pushAnswer(output: string, failure?: GitFailure): PushAnswer {
  const [, rest] = /^!\t(?:[0-9a-f]{40}|\(delete\)):refs\/\S+\t(.*)$/m.exec(output) ?? [];
  if (rest !== undefined) return turnedDown(rest, output, failure ?? new GitFailure("remote", output));
  if (failure === undefined) return { kind: "accepted" };
  if (/returned error: 403/.test(output)) return { kind: "refused", message: explanation(output, "the host forbids this push (403)") };
  if (failure.where === "local" || /returned error: 40[0-9]|Authentication failed|could not read Username|not found/i.test(output)) {
    return { kind: "failed", failure };
  }
  return { kind: "lost", failure };
}

function turnedDown(rest: string, output: string, failure: GitFailure): PushAnswer {
  const [, by, reason = ""] = /^\[(rejected|remote rejected|remote failure|no match)\](?: \((.*)\))?/.exec(rest) ?? [];
  if (by === "rejected") return { kind: "rejected" };
  if (by === "remote failure") return { kind: "lost", failure };
  if (by !== "remote rejected") return { kind: "failed", failure };
  if (race.test(reason)) return { kind: "rejected" };
  if (trouble.test(reason)) return { kind: "lost", failure };
  return { kind: "refused", message: explanation(output, reason) };
}

const longestExplanation = 600;

/** The host's own lines, which say more than the reason in brackets. */
function explanation(output: string, reason: string): string {
  const said = output.split("\n").flatMap((line) => (line.startsWith("remote: ") ? [line.slice("remote: ".length).trim()] : []));
  return [...said.filter((line) => line !== ""), reason].join("\n").slice(0, longestExplanation);
}
