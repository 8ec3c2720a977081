import { describe, expect, it } from "vitest";
import { checkView } from "#domain/report/check-view.ts";
import { better, worse } from "./cases.ts";
import { judgedModel, judgement, report } from "./judgement-builder.ts";

const awaited = judgedModel(report(), { verdict: "no-data", code: "no-evidence", message: "Nothing yet.", evidence: null });
const selfReported = judgedModel(report(), { verdict: "no-data", code: "only-self-reported", message: "Self-reported.", evidence: null });
const refusal = { code: "base-not-named-by-policy", message: "Only from main." } as const;

describe("the check", () => {
  it.each([
    ["every model passes", judgement([judgedModel(better)]), { kind: "completed", conclusion: "success" }],
    ["no model changed", judgement([]), { kind: "completed", conclusion: "success" }],
    ["a model fails", judgement([judgedModel(worse)]), { kind: "completed", conclusion: "failure" }],
    [
      "a model is inconclusive",
      judgement([judgedModel(report({ verdict: "inconclusive" }))]),
      { kind: "completed", conclusion: "failure" },
    ],
    ["a model could not be measured", judgement([judgedModel(report({ verdict: "error" }))]), { kind: "completed", conclusion: "failure" }],
    ["all evidence is self-reported", judgement([selfReported]), { kind: "completed", conclusion: "failure" }],
    ["the evaluation is still awaited", judgement([awaited]), { kind: "pending" }],
    ["one evaluation is awaited and the other passed", judgement([awaited, judgedModel(better)]), { kind: "pending" }],
    [
      "one evaluation is awaited and the other failed",
      judgement([awaited, judgedModel(worse)]),
      { kind: "completed", conclusion: "failure" },
    ],
    [
      "a refusal stands, whatever the numbers",
      judgement([judgedModel(better)], { refusals: [refusal] }),
      { kind: "completed", conclusion: "failure" },
    ],
    [
      "a refusal stands and nothing was measured",
      judgement([awaited], { refusals: [refusal] }),
      { kind: "completed", conclusion: "failure" },
    ],
  ] as const)("when %s is %o", (_, given, state) => {
    expect(checkView(given).state).toEqual(state);
  });

  it("has the verdict line of its one model as its title", () => {
    expect(checkView(judgement([judgedModel(better)])).title).toMatch(/^Pass: ndcg@10 \+7.0 %/);
  });

  it("counts the verdicts of several models in its title", () => {
    expect(checkView(judgement([judgedModel(worse), judgedModel(better)])).title).toBe("Fail: of 2 models, 1 fail, 1 pass");
  });

  it("says in its title that no model changed, or why all is refused", () => {
    expect(checkView(judgement([])).title).toBe("No model changed: nothing to evaluate");
    expect(checkView(judgement([judgedModel(better)], { refusals: [refusal] })).title).toBe("Refused: Only from main.");
  });

  it("keeps its title to one line of 255 characters that people can see", () => {
    const model = judgedModel(report(), {
      code: "definition-invalid",
      verdict: "error",
      message: `a\nb\u202ec\u0000${"\u{1f600}".repeat(300)}`,
      evidence: null,
    });
    const { title } = checkView(judgement([model]));
    expect(title.startsWith("Error: a b c \u{1f600}")).toBe(true);
    expect(title.length).toBeLessThanOrEqual(255);
    expect(title.isWellFormed()).toBe(true);
  });
});
