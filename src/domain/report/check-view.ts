import { type CommentView, commentView, overall } from "./comment-view.ts";
import { headline } from "./headline.ts";
import type { PullRequestJudgement } from "./judgement.ts";
import type { Limits } from "./shown-rows.ts";

/** The one check of a head: its title is complete here, its summary is rendered by `check.md`. */
export interface CheckText {
  readonly title: string;
  readonly summary: CommentView;
  readonly state: { readonly kind: "completed"; readonly conclusion: "success" | "failure" } | { readonly kind: "pending" };
}

/** What fits into GitHub's list of checks. */
const longestTitle = 255;

export function checkView(judgement: PullRequestJudgement, limits?: Limits): CheckText {
  return { title: titleOf(judgement), summary: commentView(judgement, undefined, limits), state: stateOf(judgement) };
}

/** Titles are plain text to GitHub, so nothing is escaped, and nothing that people cannot see stays. */
function titleOf(judgement: PullRequestJudgement): string {
  const [refusal] = judgement.refusals;
  const [only] = judgement.models;
  const title =
    only === undefined
      ? "No model changed: nothing to evaluate"
      : refusal !== undefined
        ? `Refused: ${refusal.message}`
        : judgement.models.length === 1
          ? headline(only)
          : overall(judgement);
  const plain = title.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ").toWellFormed();
  return plain.length <= longestTitle ? plain : `${plain.slice(0, longestTitle - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** Never neutral or skipped, which GitHub counts as passed. Pending only while all that is missing is the evaluation itself. */
function stateOf({ models, refusals, verdict }: PullRequestJudgement): CheckText["state"] {
  if (models.length === 0) return { kind: "completed", conclusion: "success" };
  if (refusals.length === 0 && verdict === "pass" && models.every((model) => model.verdict === "pass"))
    return { kind: "completed", conclusion: "success" };
  const awaited = refusals.length === 0 && models.every((model) => model.verdict === "pass" || model.code === "no-evidence");
  return awaited ? { kind: "pending" } : { kind: "completed", conclusion: "failure" };
}
