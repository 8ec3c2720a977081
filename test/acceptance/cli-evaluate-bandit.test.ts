import { describe, expect, it } from "vitest";
import { type EvaluationSetting, evaluationSetting, messagesOf, reportOf } from "#test/support/evaluation-setting.ts";
import { modelYaml } from "#test/support/ranker-repository.ts";

/** Deterministic noise in [0, 1). */
const noise = (seed: number): number => Math.abs(Math.sin(seed * 12.9898) * 43758.5453) % 1;

/** A log of 2,000 decisions between four actions, each taken with 1 / 4; `chosen` is how likely the version takes the logged one. */
const decisions = (chosen: (row: number, reward: number) => number): string => {
  const lines = Array.from({ length: 2000 }, (_, row) => {
    const reward = noise(row + 1) < 0.3 ? 1 : 0;
    return `d${row},${chosen(row, reward)},${reward},0.25,${row % 2 === 0 ? "de" : "fr"},u${row % 200}`;
  });
  return `decision,p,reward,propensity,country,user\n${lines.join("\n")}\n`;
};
/** As the log chose, whatever comes of it. */
const asLogged = decisions(() => 0.25);
/** Weights 1.21 where there was a reward and 0.91 elsewhere: their mean is 1, and the reward is a fifth more. */
const better = decisions((_, reward) => (reward === 1 ? 0.3025 : 0.2275));
const worse = decisions((_, reward) => (reward === 1 ? 0.1975 : 0.2725));
/** Three times as likely as it can be on average over four actions. */
const impossible = decisions(() => 0.75);

async function judged(candidate: string, work: (setting: EvaluationSetting) => Promise<void>): Promise<void> {
  const setting = evaluationSetting();
  const evaluation = {
    task: "bandit",
    labels: "",
    columns: "{row: decision, score: p, cluster: user}",
    metrics: "[snips, ips, ips@10]",
    slices: "[country]",
  };
  const gates = ["{metric: snips, noWorseThan: 0.02}", "{metric: ips, slice: {country: de}, noWorseThan: 10%}"];
  try {
    for (const tree of [setting.trusted, setting.head]) {
      tree.write("models/search-ranker/predictions/cosine.csv", asLogged);
      tree.write("models/search-ranker/model.yaml", modelYaml({ version: tree === setting.head ? "bm25" : "cosine", evaluation, gates }));
    }
    setting.head.write("models/search-ranker/predictions/bm25.csv", candidate);
    await work(setting);
  } finally {
    setting.close();
  }
}

describe("slipway evaluate of a policy on logged decisions", () => {
  it("passes one that would have earned more, by users, on all decisions and on a slice", async () => {
    await judged(better, async (setting) => {
      const report = await reportOf(setting.evaluate("--json"));
      expect([report.code, report.verdict, messagesOf(report)]).toEqual([0, "pass", expect.anything()]);
      expect(report.gates.map(({ id, verdict }) => [id, verdict])).toEqual([
        ["snips", "pass"],
        ["ips[country=de]", "pass"],
      ]);
      const snips = report.measurements.find(({ metric, slice }) => metric === "snips" && slice === null);
      expect(snips).toMatchObject({ units: 2000, clusters: 200, cluster: "user" });
      const rewarded = Array.from({ length: 2000 }, (_, row) => noise(row + 1)).filter((value) => value < 0.3).length;
      expect(snips?.baseline?.value).toBeCloseTo(rewarded / 2000, 12);
      expect(snips?.candidate.value).toBeCloseTo((1.21 * rewarded) / (1.21 * rewarded + 0.91 * (2000 - rewarded)), 9);
      expect(report.preflight.filter(({ code }) => code === "off-policy-weights").map(({ verdict }) => verdict)).toEqual(["pass", "pass"]);
    });
  });

  it("fails one that would have earned less, and prints the same bytes twice", async () => {
    await judged(worse, async (setting) => {
      const first = await setting.evaluate("--json");
      expect([first.code, (await setting.evaluate("--json")).stdout]).toEqual([1, first.stdout]);
    });
  });

  it("does not believe weights whose mean is not 1, and says so", async () => {
    await judged(impossible, async (setting) => {
      const report = await reportOf(setting.evaluate("--json"));
      expect([report.code, report.verdict]).toEqual([4, "error"]);
      expect(report.gates[0]).toMatchObject({ value: null, why: { value: "propensities-wrong" } });
      expect(messagesOf(report).join("\n")).toContain("The mean weight is not 1: the logged or the version's probabilities are wrong.");
    });
  });
});
