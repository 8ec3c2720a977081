import { assembleReport } from "#domain/evaluation/assemble-report.ts";
import { printEvidence } from "#domain/evaluation/evidence.ts";
import { printReport, type Report } from "#domain/evaluation/report.ts";
import { digestOf } from "#domain/evidence/accept-run.ts";
import { judgedDefinition } from "#domain/model/model-definition.ts";
import type { CommitSha, Digest, ModelName, VersionRef } from "#domain/model/names.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { datasetDigest, evaluationDigest } from "#domain/report/evaluation-digest.ts";
import { definitionsOf, gatesFor } from "#domain/report/judge-pull-request.ts";
import type { EvidenceFiles } from "#ports/evidence-log.ts";
import { scoredTable } from "#test/support/report-request.ts";
import { dataset, digest, ranker } from "#test/support/world-texts.ts";

/** What a run measured, and of what. */
export interface Measured {
  readonly model?: ModelName;
  readonly headText: string;
  readonly trustedText: string | undefined;
  readonly datasetText?: string;
  readonly policy: Policy;
  readonly baseline: VersionRef | null;
  readonly run: { readonly id: number; readonly attempt: number; readonly pullRequest: number; readonly head: CommitSha };
  /** What the candidate is better by on nDCG@10, for which the baseline has about 0.45. */
  readonly gain?: number;
  /** Null: the predictions of the candidate are missing. */
  readonly predictions?: Digest | null;
  /** Changes the finished report. */
  readonly change?: (report: Report) => Report;
}

const units = 200;

/** A report as the Action would make it of these measurements. */
export function madeReport(measured: Measured): Report {
  const { headText, trustedText, policy, baseline, run, gain = 0.05, model = ranker, datasetText = dataset.text } = measured;
  const definitions = definitionsOf({ model, headText, trustedText });
  if (definitions.kind !== "read") throw new Error("the definitions of a made report can be read");
  const { evaluation } = judgedDefinition(definitions.trusted, definitions.head);
  const predictions = measured.predictions === undefined ? digest("2") : measured.predictions;
  const report = assembleReport({
    header: {
      model,
      candidate: { version: definitions.head.version, digest: definitions.head.artifact.digest },
      baseline: baseline && { ...baseline, environment: null, source: `environments@${run.head}` },
      run: {
        repository: 1,
        pullRequest: run.pullRequest,
        head: run.head,
        base: null,
        id: run.id,
        attempt: run.attempt,
        engine: "slipway test",
      },
      inputs: {
        definition: evaluationDigest(evaluation, datasetText),
        labels: digest("3"),
        artifact: "declared",
        predictions: {
          baseline: baseline && { digest: digest("1"), by: "supplied" },
          candidate: predictions && { digest: predictions, by: "supplied" },
        },
      },
      dataset: { name: evaluation.dataset, digest: datasetDigest(evaluation, datasetText, { labels: digest("3"), items: null }) },
    },
    answer: predictions === null ? { table: null, problems: [missing] } : { table: tableOf(gain, baseline !== null), problems: [] },
    gates: gatesFor(definitions, policy, baseline === null),
    identical: "refused",
  });
  return measured.change?.(report) ?? report;
}

const missing = { code: "predictions-missing", verdict: "no-data", message: "There is no file predictions.jsonl." } as const;

function tableOf(gain: number, compared: boolean) {
  const base = Array.from({ length: units }, (_, index) => 0.3 + 0.3 * ((index * 0.618) % 1));
  const noise = (index: number) => 0.02 * (((index * 0.414) % 1) - 0.5);
  const locales = base.map((_, index) => (index % 4 === 0 ? "de" : "en"));
  return scoredTable(
    { candidate: base.map((value, index) => value + gain + noise(index)), baseline: compared ? base : null },
    { slices: [{ kind: "column", column: "locale", values: locales }] },
  );
}

/** The files that a run leaves. */
export function evidenceFiles(reports: readonly Report[]): Omit<EvidenceFiles, "keys" | "token"> & { readonly digest: Digest } {
  const files = new Map(reports.map((report) => [`${report.model}.json`, new TextEncoder().encode(printReport(report))]));
  const listed = reports.map(({ model }) => {
    const bytes = files.get(`${model}.json`);
    if (bytes === undefined) throw new Error(`no report about ${model}`);
    return { model, file: `${model}.json`, digest: digestOf(bytes) };
  });
  const evidence = new TextEncoder().encode(
    printEvidence({ schema: "slipway/evidence/v1", run: reports[0]?.run ?? null, reports: listed }),
  );
  return { evidence, reports: files, digest: digestOf(evidence) };
}
