import { join } from "node:path";
import { handlebarsTemplates } from "#adapters/templates/handlebars-templates.ts";
import { commentView } from "#domain/report/comment-view.ts";
import type { PullRequestJudgement } from "#domain/report/judgement.ts";
import { productFolder } from "#entry/product.ts";

/** The run's own page: what the comment would say of these numbers. A preview, since the App judges them again. */
export function stepSummary(judgement: PullRequestJudgement): string {
  if (judgement.models.length === 0)
    return "### Slipway: no model changed\n\nNo model's folder differs from the default branch, so there is nothing to evaluate.\n";
  const templates = handlebarsTemplates(join(productFolder, "templates"), { github: new URL("https://github.com") });
  return templates.render("comment.md", commentView(judgement, undefined));
}
