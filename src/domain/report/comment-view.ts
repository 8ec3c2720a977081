import { short } from "#domain/model/names.ts";
import type { Policy } from "#domain/policy/policy.ts";
import type { PullRequestJudgement } from "./judgement.ts";
import { type ModelView, modelView } from "./model-view.ts";
import { fullLimits, type Limits, type Shown, shown } from "./shown-rows.ts";
import { verdictWords } from "./verdict-words.ts";

/** The report on a pull request: the product's face. `comment.md` and `check.md` are given this. */
export interface CommentView {
  readonly head: string;
  /** Why nothing here can be released, whatever the numbers. */
  readonly refusals: readonly string[];
  /** Set when there is more than one model: then each has a line in an index, and a heading. */
  readonly index: IndexView | null;
  readonly models: Shown<ModelView>;
}

export interface IndexView {
  readonly mark: string;
  readonly headline: string;
  readonly rows: readonly { readonly model: string; readonly mark: string; readonly headline: string }[];
}

/** @param policy undefined when it cannot be read: then nobody can be told what to type */
export function commentView(judgement: PullRequestJudgement, policy: Policy | undefined, limits: Limits = fullLimits): CommentView {
  const models = judgement.models.map((model) => modelView(judgement, model, policy, limits));
  return {
    head: short(judgement.head),
    refusals: judgement.refusals.map(({ message }) => message),
    index: models.length < 2 ? null : indexOf(judgement, models.slice(0, limits.models)),
    models: shown(models, limits.models, "models"),
  };
}

function indexOf(judgement: PullRequestJudgement, models: readonly ModelView[]): IndexView {
  const { mark } = verdictWords[judgement.verdict];
  return { mark, headline: overall(judgement), rows: models.map(({ model, mark, headline }) => ({ model, mark, headline })) };
}

/** `Fail: of 3 models, 1 fail, 2 pass`, for several models at once. */
export function overall({ verdict, models }: PullRequestJudgement): string {
  const count = (word: keyof typeof verdictWords) => models.filter((model) => model.verdict === word).length;
  const counts = (["fail", "error", "no-data", "inconclusive", "pass"] as const)
    .filter((word) => count(word) > 0)
    .map((word) => `${count(word)} ${verdictWords[word].word.toLowerCase()}`);
  return `${verdictWords[verdict].word}: of ${models.length} models, ${counts.join(", ")}`;
}
