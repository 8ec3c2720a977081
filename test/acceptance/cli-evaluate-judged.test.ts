import { describe, expect, it } from "vitest";
import { type EvaluationSetting, evaluationSetting, messagesOf, reportOf } from "#test/support/evaluation-setting.ts";
import { modelYaml } from "#test/support/ranker-repository.ts";

const folder = "models/search-ranker";

/** 200 prompts in 50 conversations, each judged in two runs; `fails` says which prompts a version does not pass. */
const judged = (fails: (prompt: number) => boolean, judge = "judge-3"): string => {
  const lines = Array.from({ length: 400 }, (_, row) => {
    const prompt = Math.floor(row / 2);
    return `p${prompt},c${prompt % 50},${row % 2},${fails(prompt) ? "fail" : "pass"},${judge},sha256:rubric-1`;
  });
  return `prompt_id,conversation_id,run,score,judge_model,judge_prompt\n${lines.join("\n")}\n`;
};
const everyTenth = judged((prompt) => prompt % 10 === 0);
const betterOne = judged((prompt) => prompt % 20 === 0);
const worseOne = judged((prompt) => prompt % 3 === 0);

async function evaluated(candidate: string, work: (setting: EvaluationSetting) => Promise<void>): Promise<void> {
  const setting = evaluationSetting();
  const evaluation = {
    task: "judged",
    labels: "",
    slices: "",
    columns: "{unit: prompt_id, repeat: run, cluster: conversation_id, judge: judge_model, prompt: judge_prompt}",
    metrics: "[pass_rate]",
  };
  try {
    for (const tree of [setting.trusted, setting.head]) {
      tree.write(`${folder}/predictions/cosine.csv`, everyTenth);
      const version = tree === setting.head ? "bm25" : "cosine";
      tree.write(`${folder}/model.yaml`, modelYaml({ version, evaluation, gates: ["{metric: pass_rate, noWorseThan: 0.02}"] }));
    }
    setting.head.write(`${folder}/predictions/bm25.csv`, candidate);
    await work(setting);
  } finally {
    setting.close();
  }
}

describe("slipway evaluate of what a judge wrote", () => {
  it("passes a version that is better, a prompt counting once and conversations as clusters, with the same bytes twice", async () => {
    await evaluated(betterOne, async (setting) => {
      const run = await setting.evaluate("--json");
      const report = await reportOf(Promise.resolve(run));
      expect([report.code, report.verdict, messagesOf(report)]).toEqual([0, "pass", expect.anything()]);
      const [passRate] = report.measurements;
      expect(passRate).toMatchObject({ metric: "pass_rate", units: 200, clusters: 50, unit: "prompt_id", cluster: "conversation_id" });
      expect([passRate?.baseline?.value, passRate?.candidate.value]).toEqual([0.9, 0.95]);
      expect((await setting.evaluate("--json")).stdout).toBe(run.stdout);
    });
  });

  it("fails a version that is worse", async () => {
    await evaluated(worseOne, async (setting) => {
      const report = await reportOf(setting.evaluate("--json"));
      expect([report.code, report.verdict, report.gates.map(({ reason }) => reason)]).toEqual([1, "fail", ["regression"]]);
    });
  });

  it("compares nothing that two judges wrote", async () => {
    await evaluated(
      judged((prompt) => prompt % 20 === 0, "judge-4"),
      async (setting) => {
        const report = await reportOf(setting.evaluate("--json"));
        expect([report.code, report.verdict]).toEqual([4, "error"]);
        expect(report.preflight.filter(({ verdict }) => verdict === "error").map(({ code }) => code)).toEqual(["judges-differ"]);
        expect(messagesOf(report).join("\n")).toContain(
          "the candidate by judge judge-4, prompt sha256:rubric-1; the baseline by judge judge-3",
        );
      },
    );
  });

  it("says in which line of which file a torn one ends", async () => {
    await evaluated(`${betterOne.trimEnd()}\np200,c0,0`, async (setting) => {
      const report = await reportOf(setting.evaluate("--json"));
      expect([report.code, report.verdict]).toEqual([4, "error"]);
      expect(messagesOf(report).join("\n")).toMatch(/line 402 of \S*bm25\.csv .*write it again/);
    });
  });

  it("takes a score that is neither pass nor fail for no pass rate, and says which", async () => {
    await evaluated(betterOne.replace("p7,c7,0,pass", "p7,c7,0,maybe"), async (setting) => {
      const report = await reportOf(setting.evaluate("--json"));
      expect([report.code, report.verdict]).toEqual([4, "error"]);
      expect(messagesOf(report).join("\n")).toContain('"maybe"');
    });
  });
});
