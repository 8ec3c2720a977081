import { randomFrom } from "#domain/statistics/random.ts";
import { centredInterval, drawnQueries, type ResampledGate, type Truths, truthsOf, verdictAt } from "#test/statistics/resampled-gate.ts";

/** How often a gate passed and failed, in percent, at each truth. */
export type GateFigures = { readonly gate: ResampledGate; readonly at: Readonly<Record<keyof Truths, Shares>> };
export type Shares = { readonly pass: number; readonly fail: number };

/** Draws queries with replacement, the same for the same seed. */
export function seededDraws(seed: string, queries: number, draws: number): readonly (readonly number[])[] {
  const random = randomFrom(seed);
  return Array.from({ length: draws }, () => drawnQueries(random, queries));
}

/** Judges a gate on every draw of queries, at each truth. */
export function gateFigures(gate: ResampledGate, draws: readonly (readonly number[])[]): GateFigures {
  const truths = truthsOf(gate);
  const intervals = draws.map((queries) => centredInterval(gate, queries));
  const sharesAt = (truth: number): Shares => {
    const verdicts = intervals.map((interval) => verdictAt(truth, interval));
    const percent = (wanted: string): number => (100 * verdicts.filter((verdict) => verdict === wanted).length) / draws.length;
    return { pass: percent("pass"), fail: percent("fail") };
  };
  const at = {
    atMargin: sharesAt(truths.atMargin),
    unchanged: sharesAt(truths.unchanged),
    worseByDetectable: sharesAt(truths.worseByDetectable),
    betterByDetectable: sharesAt(truths.betterByDetectable),
  };
  return { gate, at };
}

/** The figures as a table for docs/statistics.md. */
export function gateTable(figures: readonly GateFigures[]): string {
  const head = [
    "candidate",
    "gate",
    "`detectable`",
    "at the margin: pass",
    "at the margin: fail",
    "equal quality: pass",
    "`passIfUnchanged`",
    "`detectable` below the margin: fail",
    "`detectable` above it: pass",
  ];
  const rows = figures.map(({ gate: { candidate, rule, printed }, at }) => [
    candidate,
    `${rule.metric}, ${printed.rule}`,
    (printed.detectable ?? Number.NaN).toFixed(4),
    ...[at.atMargin.pass, at.atMargin.fail, at.unchanged.pass, 100 * (printed.passIfUnchanged ?? Number.NaN)].map((share) =>
      share.toFixed(1),
    ),
    ...[at.worseByDetectable.fail, at.betterByDetectable.pass].map((share) => share.toFixed(1)),
  ]);
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
