import { describe, expect, it } from "vitest";
import { type DoraQuestion, dora as doraOf } from "#domain/audit/dora.ts";
import type { History, Span } from "#domain/audit/history.ts";
import { spreadOf } from "#domain/audit/spread.ts";
import { addMilliseconds } from "#domain/model/time.ts";
import { made, madeCommits, madeHistory, november, novemberMeasures, slipway } from "#test/support/made-history.ts";

const dora = (history: History, span: Span, only: Pick<DoraQuestion, "environment" | "model"> = {}) =>
  doraOf(history, { ...span, ...only, identity: slipway });

describe("DORA's measures", () => {
  it("of four weeks are what they are by hand", () => {
    expect(dora(madeHistory(), november)).toEqual(novemberMeasures);
  });

  it("of one model leave the others and the sum out", () => {
    expect(dora(madeHistory(), november, { model: "retriever" })).toEqual(novemberMeasures.slice(2));
    expect(dora(madeHistory(), november, { environment: "staging" })).toEqual([]);
  });

  it("count a deployment in the period in which it ended, to the moment", () => {
    const ended = made.first.outcome?.at ?? november.since;
    const upTo = { since: november.since, until: ended };
    const fromThen = { since: ended, until: addMilliseconds(ended, 1) };
    const counted = [upTo, fromThen].map((span) => dora(madeHistory(), span, { model: "ranker" })[0]?.deployments);
    expect(counted).toEqual([0, 1]);
  });

  it("say nothing where there is nothing: no rate without a deployment, no time without a release", () => {
    const empty = { since: november.until, until: addMilliseconds(november.until, 86_400_000) };
    expect(dora(madeHistory(), empty, { model: "ranker" })).toMatchObject([
      { deployments: 0, deploymentsPerWeek: 0, failed: 0, changeFailRate: null, leadTime: null, timeToRestore: null },
    ]);
  });

  it("know a rollback of what was live by its record, where its commits are not here", () => {
    const history = { ...madeHistory(), commits: [] };
    expect(dora(history, november)).toEqual(novemberMeasures);
  });

  it("blame the newest release that brought the version, and no other of the same digest", () => {
    const again = { ...made.first, candidate: made.second.candidate };
    const history = madeHistory();
    const releases = history.releases.map((release) => (release.id === again.id ? again : release));
    expect(dora({ ...history, releases }, november, { model: "ranker" })[0]?.failed).toBe(2);
  });

  it("count no failure for a rollback that was aborted, and took nothing back", () => {
    const history = madeHistory();
    const releases = history.releases.map((release) =>
      release.id === made.undone.id && release.outcome !== null
        ? { ...release, outcome: { ...release.outcome, kind: "aborted" as const } }
        : release,
    );
    const failed = (among: typeof history) => dora(among, november, { model: "ranker" })[0]?.failed ?? 0;
    expect(failed({ ...history, releases })).toBe(failed(history) - 1);
  });

  it("do not take a person's commit with Slipway's trailers for the start of a release", () => {
    const forged = madeCommits.map((commit) =>
      commit.message.startsWith("Hot fix")
        ? { ...commit, message: `Hot fix\n\nSlipway-Release: ${made.undone.id}\nSlipway-Step: stop\n` }
        : commit,
    );
    expect(dora(madeHistory(forged), november)).toEqual(novemberMeasures);
  });
});

describe("a spread", () => {
  it.each([
    [[5], { count: 1, median: 5, p90: 5, longest: 5 }],
    [[4, 1], { count: 2, median: 2.5, p90: 4, longest: 4 }],
    [[3, 1, 2], { count: 3, median: 2, p90: 3, longest: 3 }],
    [[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], { count: 10, median: 5.5, p90: 9, longest: 10 }],
  ])("of %j", (values, expected) => {
    expect(spreadOf(values)).toEqual(expected);
  });

  it("of nothing is nothing", () => {
    expect(spreadOf([])).toBeNull();
  });
});
