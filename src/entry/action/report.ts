import { join } from "node:path";
import { mayNotWrite, workflowReports } from "#adapters/github/workflow-reports.ts";
import { handlebarsTemplates } from "#adapters/templates/handlebars-templates.ts";
import { checkView } from "#domain/report/check-view.ts";
import { commentView } from "#domain/report/comment-view.ts";
import { fittingText } from "#domain/report/fitting-text.ts";
import type { PullRequestJudgement } from "#domain/report/judgement.ts";
import { productFolder } from "#entry/product.ts";
import type { Annotation } from "#ports/runner.ts";
import { readRepository } from "./job.ts";

/** What a workflow's token was not let write, each with the reason. */
export type Unwritten = readonly { readonly view: "comment" | "check"; readonly reason: string }[];

/** Writes the comment and the check with the workflow's own token. What it may not write is said and no failure: the step summary has it all. */
export async function report(
  judgement: PullRequestJudgement,
  annotations: readonly Annotation[],
  { token, environment }: { readonly token: string; readonly environment: Readonly<Record<string, string | undefined>> },
): Promise<Unwritten> {
  const { apiUrl, name } = readRepository(environment);
  const templates = handlebarsTemplates(join(productFolder, "templates"), { github: new URL("https://github.com") });
  const reports = workflowReports({ baseUrl: apiUrl, repository: name, token });
  const { title, state } = checkView(judgement);
  const summary = fittingText((limits) => templates.render("check.md", checkView(judgement, limits).summary));
  const body = fittingText((limits) => templates.render("comment.md", commentView(judgement, undefined, limits)));
  const placed = annotations.flatMap(({ place, ...said }) => (place === undefined ? [] : [{ ...said, place }]));
  const check = () => reports.check({ head: judgement.head, title, summary, state, annotations: placed });
  const comment = () => reports.comment(judgement.pullRequest, body);
  return [...(judgement.models.length === 0 ? [] : await unwritten("comment", comment)), ...(await unwritten("check", check))];
}

async function unwritten(view: Unwritten[number]["view"], write: () => Promise<void>): Promise<Unwritten> {
  try {
    await write();
    return [];
  } catch (error) {
    if (!mayNotWrite(error)) throw error;
    return [{ view, reason: error instanceof Error ? error.message : String(error) }];
  }
}
