import { join } from "node:path";
import { handlebarsTemplates } from "#adapters/templates/handlebars-templates.ts";
import type { Run } from "#domain/evaluation/report.ts";
import { short } from "#domain/model/names.ts";
import { commentView } from "#domain/report/comment-view.ts";
import type { ModelJudgement, PullRequestJudgement } from "#domain/report/judgement.ts";
import { productFolder } from "#entry/product.ts";
import type { HeadEvaluation } from "#flows/evaluate-head.ts";

/** The run's own page: what the comment would say of these numbers. A preview, since the App judges them again and by whom they were made. */
export function stepSummary(evaluation: HeadEvaluation, run: Run, provenance: "signed" | "self-reported"): string {
  if (evaluation.models.length === 0)
    return "### Slipway: no model changed\n\nNo model's folder differs from the default branch, so there is nothing to evaluate.\n";
  const judgement: PullRequestJudgement = {
    pullRequest: run.pullRequest ?? 0,
    head: run.head,
    refusals: [],
    models: evaluation.models.map((model) => judged(model, run)),
    verdict: evaluation.verdict,
  };
  const templates = handlebarsTemplates(join(productFolder, "templates"), { github: new URL("https://github.com") });
  const counts =
    provenance === "signed"
      ? "_This run's own numbers. They count once the Slipway App has taken them in and verified which workflow computed them._"
      : "_Self-reported: the run has no token that proves which workflow computed this, so these numbers are shown and never gate._";
  return `${templates.render("comment.md", commentView(judgement, undefined))}\n${counts}\n`;
}

function judged({ model, outcome, verdict, digest }: HeadEvaluation["models"][number], run: Run): ModelJudgement {
  const blank = { model, candidate: null, baseline: null, problems: [], ignoredChanges: [], evidence: null, selfReported: null, verdict };
  switch (outcome.kind) {
    case "invalid":
      return { ...blank, problems: outcome.problems, code: "definition-invalid", message: "the definition cannot be read" };
    case "removed":
      return { ...blank, code: "removed", message: "the model is not in the head; what is live stays live" };
    case "unchanged":
      return {
        ...blank,
        candidate: outcome.version,
        code: "digest-unchanged",
        message: `${outcome.version.version} (${short(outcome.version.digest)}) is already live`,
      };
    case "evaluated": {
      const { report, ignored } = outcome;
      const evidence = digest === null ? null : { report, digest, run: run.id, attempt: run.attempt, workflow: "this run" };
      const message = "measured by this run";
      return { ...blank, candidate: report.candidate, ignoredChanges: ignored, evidence, code: "judged", message };
    }
  }
}
