import { expect } from "vitest";
import { type Report, reportSchema } from "#domain/evaluation/report.ts";
import { type RankerRepository, rankerRepository } from "./ranker-repository.ts";
import { type Ended, runEntry } from "./run-entry.ts";
import { unexplainedNulls } from "./unexplained-nulls.ts";

export interface EvaluationSetting {
  readonly head: RankerRepository;
  readonly trusted: RankerRepository;
  /** `slipway evaluate` of the head's ranker, with the default branch's rules. */
  evaluate(...args: readonly string[]): Promise<Ended>;
  close(): void;
}

/** The default branch serves the cosine ranker, the head proposes bm25. */
export function evaluationSetting(): EvaluationSetting {
  const trusted = rankerRepository({ version: "cosine" });
  const head = rankerRepository({ version: "bm25" });
  return {
    head,
    trusted,
    evaluate: (...args) => runEntry("cli", ["evaluate", head.model, "--trusted", trusted.root, ...args]),
    close: () => {
      head.close();
      trusted.close();
    },
  };
}

/** The report that was printed, with the exit code; whatever is null in it says why. */
export async function reportOf(ended: Promise<Ended>): Promise<Report & { readonly code: number | null }> {
  const { code, stdout } = await ended;
  const report = reportSchema.parse(JSON.parse(stdout));
  expect(unexplainedNulls(report)).toEqual([]);
  return { code, ...report };
}

export function messagesOf(report: Report): readonly string[] {
  return report.preflight.map(({ message }) => message);
}
