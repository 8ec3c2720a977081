import { formatPercent } from "#domain/gate/format-number.ts";
import type { InputFacts, TimeSpan } from "./input-facts.ts";
import type { PreflightFinding } from "./report.ts";

export type LeakageRequest = {
  readonly facts: InputFacts;
  /** When the labels were collected, by the definition. */
  readonly window: { readonly from: string; readonly to: string } | undefined;
  /** Until when the candidate's training data reach, by its lineage. */
  readonly trainedUntil: string | undefined;
  /** The share of units that training may have seen. */
  readonly allowSeen: number;
};

/** Whether both arms were asked about the same state of the world, and whether training saw what is evaluated. */
export function leakageFindings({ facts, window, trainedUntil, allowSeen }: LeakageRequest): readonly PreflightFinding[] {
  const written = window === undefined ? null : { from: Date.parse(window.from), to: Date.parse(window.to) };
  const found = facts.times?.labels ?? facts.times?.candidate ?? null;
  return [
    ...(facts.snapshots === null ? [] : sameSnapshots(facts.snapshots)),
    ...(facts.times === null ? [] : sameTimes(facts.times)),
    ...(written === null || found === null ? [] : insideWindow(found, written)),
    ...trainedBefore(written ?? found, written === null ? "the evaluated times begin" : "evaluation.window begins", trainedUntil),
    ...(facts.seen === null ? [] : unitsSeen(facts.seen, allowSeen)),
  ];
}

function sameSnapshots({ candidate, baseline }: NonNullable<InputFacts["snapshots"]>): readonly PreflightFinding[] {
  const code = "snapshots-differ";
  if (baseline === null) return [];
  if (candidate.join("\n") === baseline.join("\n"))
    return [{ code, verdict: "pass", message: `Both arms were computed on the snapshot ${listed(candidate)}.` }];
  const message = `The arms were computed on different snapshots: the candidate on ${listed(candidate)}, the baseline on ${listed(baseline)}. What differs may be the data and not the model: make both arms' predictions on one snapshot.`;
  return [{ code, verdict: "error", message }];
}

function sameTimes({ candidate, baseline }: NonNullable<InputFacts["times"]>): readonly PreflightFinding[] {
  if (candidate === null || baseline === null) return [];
  const code = "windows-differ";
  if (candidate.from === baseline.from && candidate.to === baseline.to)
    return [{ code, verdict: "pass", message: `Both arms are about ${span(candidate)}.` }];
  const message = `The arms are about different times: the candidate about ${span(candidate)}, the baseline about ${span(baseline)}. Make both arms' predictions for one window.`;
  return [{ code, verdict: "error", message }];
}

function insideWindow(found: TimeSpan, window: TimeSpan): readonly PreflightFinding[] {
  if (found.from >= window.from && found.to <= window.to) return [];
  const message = `The evaluated times, ${span(found)}, lie not within evaluation.window, ${span(window)}. Correct the window or the data.`;
  return [{ code: "times-outside-window", verdict: "error", message }];
}

function trainedBefore(window: TimeSpan | null, begins: string, trainedUntil: string | undefined): readonly PreflightFinding[] {
  if (window === null || trainedUntil === undefined) return [];
  const code = "window-overlaps-training";
  const until = Date.parse(trainedUntil);
  if (until <= window.from)
    return [{ code, verdict: "pass", message: `Training ended at ${instant(until)}; ${begins} at ${instant(window.from)}.` }];
  const message = `The candidate was trained on data until ${instant(until)} (lineage.trainedUntil), and ${begins} at ${instant(window.from)}: it may have seen the answers. Evaluate on later data, or train on earlier.`;
  return [{ code, verdict: "error", message }];
}

function unitsSeen({ units, seen, examples }: NonNullable<InputFacts["seen"]>, allowed: number): readonly PreflightFinding[] {
  const code = "units-seen-in-training";
  const share = units === 0 ? 0 : seen / units;
  const counted = `${seen} of ${units} evaluated units (${formatPercent(share)}) are among evaluation.trainingUnits`;
  if (seen === 0) return [{ code, verdict: "pass", message: `${counted}.` }];
  if (share <= allowed) return [{ code, verdict: "pass", message: `${counted}, of which ${formatPercent(allowed)} are allowed.` }];
  const message = `${counted}, such as ${listed(examples)}: training saw what is evaluated. Leave these units out of one of the two, or say in evaluation.trainingUnits.allow what share is right.`;
  return [{ code, verdict: "error", message }];
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => JSON.stringify(name));
  return `${shown.join(", ")}${names.length > shown.length ? `, … (${names.length})` : ""}`;
}

function span({ from, to }: TimeSpan): string {
  return `${instant(from)} to ${instant(to)}`;
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(".000Z", "Z");
}
