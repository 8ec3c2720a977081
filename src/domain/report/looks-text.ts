import type { Verdict } from "#domain/evaluation/verdict.ts";
import { formatCount } from "./format-number.ts";
import type { HoldoutLooks } from "./judgement.ts";
import { verdictWords } from "./verdict-words.ts";

/** How often this holdout has been looked at, and what correcting for this pull request's looks does, or would do, to the verdict. */
export function looksText({ pullRequest, all, corrected, counts }: HoldoutLooks, verdict: Verdict): string {
  const everywhere = all === null ? "not counted this time" : formatCount(all);
  const counted = `This pull request has looked at this holdout ${times(pullRequest)}; all pull requests: ${everywhere}.`;
  if (pullRequest < 2) return counted;
  const correction = `Bonferroni over these ${formatCount(pullRequest)} looks`;
  if (counts) return `${counted} The policy corrects for it: ${correction} is in every interval here.`;
  const word = verdictWords[corrected].word.toLowerCase();
  return corrected === verdict
    ? `${counted} ${correction} would not change the verdict.`
    : `${counted} ${correction} would make the verdict ${word}; the policy does not ask for it.`;
}

function times(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${formatCount(count)} times`;
}
