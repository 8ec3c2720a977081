import type { Report } from "#domain/evaluation/report.ts";
import type { Verdict } from "#domain/evaluation/verdict.ts";
import type { ReadReport } from "#domain/evidence/accept-run.ts";
import type { AcceptedRun } from "#domain/evidence/run.ts";
import type { Digest, VersionRef } from "#domain/model/names.ts";
import type { Trust } from "#domain/policy/trusted-evidence.ts";
import type { JudgedEvidence, JudgementCode } from "#domain/report/judgement.ts";

/** One recorded report about a model, and whether its run is trusted under today's policy. */
export interface RecordedReport {
  readonly run: AcceptedRun;
  readonly trust: Trust;
  readonly read: ReadReport;
}

/** A run of the head whose evidence is not what it says, and why. */
export interface RefusedRun {
  readonly run: number;
  readonly attempt: number;
  readonly reason: string;
}

/** What today's definition, head and live version demand of a report. */
export interface Demands {
  readonly definition: Digest;
  readonly candidate: VersionRef;
  readonly baseline: VersionRef | null;
}

export type Chosen =
  | { readonly kind: "chosen"; readonly evidence: JudgedEvidence }
  | { readonly kind: "none"; readonly verdict: Verdict; readonly code: JudgementCode; readonly message: string };

/**
 * The evidence that stands for a model at a head: the worst measured verdict among its trusted runs, so that trying again does not help;
 * a later attempt replaces only `error` and `no-data`. Equal inputs must have given equal measurements (invariant 4).
 *
 * @param judge judges a report's gates under today's rules
 * @param refused what runs of the head left and was not recorded, the newest last
 */
export function chooseEvidence(
  recorded: readonly RecordedReport[],
  demands: Demands,
  judge: (report: Report) => Report,
  refused: readonly RefusedRun[] = [],
): Chosen {
  const trusted = recorded.filter(({ trust }) => trust.kind === "trusted");
  const refusals = trusted.map(({ read }) => refusal(read.report, demands));
  const usable = trusted.filter((_, index) => refusals[index] === undefined);
  if (usable.length === 0) return nothingUsable(recorded.length, refusals.at(-1), refused.at(-1));

  const unequal = unequalMeasurements(usable.map(({ read }) => read.report));
  if (unequal !== undefined) return none("error", "measurements-differ", unequal);

  const judged = usable.map(
    ({ run, trust, read }): JudgedEvidence => ({
      report: judge(read.report),
      digest: read.digest,
      run: run.run.id,
      attempt: run.run.attempt,
      workflow: trust.kind === "trusted" ? trust.workflow : "",
    }),
  );
  const standing = judged.reduce((stands, next) => (replaces(next.report.verdict, stands.report.verdict) ? next : stands));
  return { kind: "chosen", evidence: standing };
}

/** Later evidence replaces what could not be measured, and otherwise only makes the verdict worse. */
function replaces(next: Verdict, stands: Verdict): boolean {
  if (unmeasured(stands)) return true;
  return !unmeasured(next) && severity.indexOf(next) < severity.indexOf(stands);
}

const severity: readonly Verdict[] = ["fail", "inconclusive", "pass"];

function unmeasured(verdict: Verdict): boolean {
  return verdict === "error" || verdict === "no-data";
}

interface Refused {
  readonly code: JudgementCode;
  readonly message: string;
}

function refusal(report: Report, demands: Demands): Refused | undefined {
  if (!same(report.candidate, demands.candidate)) {
    return {
      code: "candidate-differs",
      message: `The evidence is of ${report.candidate.version}, this head proposes ${demands.candidate.version}. Run the evaluation again.`,
    };
  }
  if (report.inputs.definition !== demands.definition) {
    return {
      code: "definition-changed",
      message: "The default branch's evaluation or dataset has changed since this was measured. Run the evaluation again.",
    };
  }
  if (!same(report.baseline, demands.baseline)) {
    const now = demands.baseline === null ? "nothing is live" : `${demands.baseline.version} is live`;
    const then = report.baseline === null ? "without a baseline" : `against ${report.baseline.version}`;
    return { code: "baseline-moved", message: `This was measured ${then}, but now ${now}. Run the evaluation again.` };
  }
  return undefined;
}

function nothingUsable(recorded: number, stale: Refused | undefined, refused: RefusedRun | undefined): Chosen {
  if (stale !== undefined) return none("no-data", stale.code, stale.message);
  if (refused !== undefined) {
    const { run, attempt, reason } = refused;
    const why = reason.replace(/\.$/, "");
    return none(
      "error",
      "evidence-refused",
      `The evidence of run ${run}, attempt ${attempt}, is refused: ${why}. Mend the workflow and run it again.`,
    );
  }
  if (recorded > 0)
    return none(
      "no-data",
      "only-self-reported",
      "The only evidence of this head is self-reported: it is shown, but decides nothing. Run the trusted workflow.",
    );
  return none("no-data", "no-evidence", "No evaluation of this head has been recorded yet.");
}

function unequalMeasurements(reports: readonly Report[]): string | undefined {
  const byInputs = new Map<string, string>();
  for (const report of reports) {
    const inputs = JSON.stringify([report.inputs, report.dataset, report.datasets ?? null]);
    const measurements = JSON.stringify(report.measurements);
    const earlier = byInputs.get(inputs);
    if (earlier !== undefined && earlier !== measurements)
      return "Two runs measured the same inputs and got different numbers; nothing can rest on either. Look at both runs' artifacts.";
    byInputs.set(inputs, measurements);
  }
  return undefined;
}

function same(left: Pick<NonNullable<Report["baseline"]>, "version" | "digest"> | null, right: VersionRef | null): boolean {
  if (left === null || right === null) return left === right;
  return left.version === right.version && left.digest === right.digest;
}

function none(verdict: Verdict, code: JudgementCode, message: string): Chosen {
  return { kind: "none", verdict, code, message };
}
