import { describe, expect, test } from "vitest";
import { readingsFor } from "#domain/rollout/windows.ts";
import { at, openRelease, plan } from "#test/support/builders.ts";

function looksAt(now: number, open: Record<string, unknown> = {}) {
  return readingsFor(plan(), openRelease(open), "production", at(now)).looks;
}

describe("what must be measured", () => {
  test.each([
    [2999, 0],
    [3000, 1],
    [4999, 1],
    [5000, 2],
    [7000, 3],
    [60_000, 3],
  ])("%i ms after the start, two seconds a window, %i looks are due", (now, looks) => {
    expect(looksAt(now)).toHaveLength(looks);
  });

  test("an extension is a longer window from the same beginning", () => {
    expect(looksAt(5000).map(([first]) => first?.stretch)).toEqual([
      { from: at(1000), to: at(3000) },
      { from: at(1000), to: at(5000) },
    ]);
  });

  test("before the weight is seen live nothing is measured", () => {
    expect(readingsFor(plan(), openRelease({ liveSince: null }), "production", at(9000))).toEqual({ looks: [], recent: [], burnRates: [] });
  });

  test("a paused release is watched, and not judged", () => {
    const paused = openRelease({ phase: "paused", pausedAt: at(2000), reason: "held" });
    const { looks, recent, burnRates } = readingsFor(plan(), paused, "production", at(9000));
    expect(looks).toEqual([]);
    expect(recent[0]?.stretch).toEqual({ from: at(7000), to: at(9000) });
    expect(burnRates).toHaveLength(1);
  });

  test("a stopping release is not measured any more", () => {
    const stopping = openRelease({ phase: "stopping", stoppedAt: at(2000), reason: "slow" });
    expect(readingsFor(plan(), stopping, "production", at(9000))).toEqual({ looks: [], recent: [], burnRates: [] });
  });

  test("burn rates look back from now", () => {
    const [burn] = readingsFor(plan(), openRelease(), "production", at(2000)).burnRates;
    expect(burn).toMatchObject({ long: { from: at(-2000), to: at(2000) }, short: { from: at(1000), to: at(2000) } });
  });
});
