import type { Run } from "#domain/evaluation/report.ts";
import { short } from "#domain/model/names.ts";
import { reportSentence } from "#domain/report/headline.ts";
import type { ModelJudgement, PullRequestJudgement } from "#domain/report/judgement.ts";
import type { HeadEvaluation } from "#flows/evaluate-head.ts";

/** Not even a signed run may call itself trusted: that is the policy's to say, and the App's to verify. */
const reasons = {
  signed: "The Slipway App has not judged these numbers yet: it first verifies which workflow computed them.",
  unsigned: "The run has no token that proves which workflow computed these numbers.",
  alone: "The workflow that computed these numbers writes them here itself, and no Slipway App has judged them.",
} as const;

/** What the App's views show of numbers that nobody vouches for. */
export function ownJudgement(evaluation: HeadEvaluation, run: Run, provenance: keyof typeof reasons): PullRequestJudgement {
  return {
    pullRequest: run.pullRequest ?? 0,
    head: run.head,
    refusals: [],
    models: evaluation.models.map((model) => judged(model, run, reasons[provenance])),
    verdict: evaluation.verdict,
  };
}

function judged({ model, outcome, verdict }: HeadEvaluation["models"][number], run: Run, reason: string): ModelJudgement {
  const blank = {
    model,
    candidate: null,
    baseline: null,
    problems: [],
    ignoredChanges: [],
    evidence: null,
    looks: null,
    selfReported: null,
    verdict,
  };
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
      const selfReported = { report, run: run.id, attempt: run.attempt, reason };
      const message = reportSentence(report, verdict);
      return { ...blank, candidate: report.candidate, ignoredChanges: ignored, selfReported, code: "only-self-reported", message };
    }
  }
}
