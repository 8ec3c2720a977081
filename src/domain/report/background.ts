import type { Report } from "#domain/evaluation/report.ts";
import type { Digest } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import type { RecordedReport } from "./choose-evidence.ts";
import type { Background, EarlierEvaluation } from "./judgement.ts";

/** What is known around the evidence of a head, and decides nothing. */
export interface BackgroundFacts {
  /** Recorded reports about the model at other heads of the pull request, oldest first. */
  readonly earlier: readonly RecordedReport[];
  /** Since when the baseline is live; null when that is not known. */
  readonly liveSince: Instant | null;
}

/** @param judge judges a report's gates under today's rules, as it does the head's */
export function backgroundOf(
  { earlier, liveSince }: BackgroundFacts,
  recorded: readonly RecordedReport[],
  evidence: Digest,
  judge: (report: Report) => Report,
): Background {
  return {
    evaluatedAt: recorded.find(({ read }) => read.digest === evidence)?.run.acceptedAt ?? null,
    liveSince,
    earlier: newestOfEachHead(earlier).map(({ run, read }): EarlierEvaluation => {
      return { head: run.run.headSha, evaluatedAt: run.acceptedAt, report: judge(read.report) };
    }),
  };
}

/** Trusted ones alone, the newest first. */
function newestOfEachHead(earlier: readonly RecordedReport[]): readonly RecordedReport[] {
  const trusted = earlier.filter(({ trust }) => trust.kind === "trusted");
  return [...new Map(trusted.map((each) => [each.run.run.headSha, each])).values()].toSorted((a, b) =>
    b.run.acceptedAt.localeCompare(a.run.acceptedAt),
  );
}
