import { describe, expect, it } from "vitest";
import { modelNameSchema } from "#domain/model/names.ts";
import { outcome, refusal } from "./deploy-outcome.ts";
import { deployRequest, failing, head, judged, judgement, ranker } from "./deploy-request-builder.ts";

const { command } = deployRequest();
const short = head.slice(0, 12);

describe("a model", () => {
  const second = modelNameSchema.parse("speller");
  const both = judgement([judged(), judged({ model: second })]);
  const nothing = { evidence: null, verdict: "no-data" } as const;

  it.each([
    ["none changed", { judgement: judgement([]) }, "no-model-changed"],
    ["several changed and none named", { judgement: both }, "model-required"],
    ["several changed and one named", { judgement: both, command: { ...command, model: ranker } }, "start"],
    ["one that is not changed named", { command: { ...command, model: second } }, "model-not-changed"],
    [
      "another one is removed",
      { judgement: judgement([judged({ model: second, code: "removed", candidate: null, evidence: null }), judged()]) },
      "start",
    ],
    ["it is removed", { judgement: judgement([judged({ code: "removed", candidate: null, evidence: null })]) }, "removed"],
    ["no evidence", { judgement: judgement([judged({ ...nothing, code: "no-evidence" })]) }, "no-evidence"],
    ["only self-reported evidence", { judgement: judgement([judged({ ...nothing, code: "only-self-reported" })]) }, "only-self-reported"],
    ["another baseline since", { judgement: judgement([judged({ ...nothing, code: "baseline-moved" })]) }, "baseline-moved"],
    [
      "an invalid definition",
      { judgement: judgement([judged({ ...nothing, verdict: "error", code: "definition-invalid" })]) },
      "definition-invalid",
    ],
    ["a pass without evidence", { judgement: judgement([judged({ evidence: null })]) }, "no-evidence"],
    ["a pass without a version", { judgement: judgement([judged({ candidate: null, code: "definition-changed" })]) }, "definition-changed"],
    ["verdict fail", { judgement: judgement([failing([])]) }, "verdict-not-pass"],
    ["verdict inconclusive", { judgement: judgement([judged({ verdict: "inconclusive" })]) }, "verdict-not-pass"],
    ["verdict no-data", { judgement: judgement([judged({ verdict: "no-data" })]) }, "verdict-not-pass"],
    ["verdict error", { judgement: judgement([judged({ verdict: "error" })]) }, "verdict-not-pass"],
  ] as const)("%s: %s", (_, overrides, expected) => {
    expect(outcome(overrides)).toBe(expected);
  });

  it("must be named where several changed", () => {
    expect(refusal({ judgement: both })).toMatchObject({
      message: "This pull request changes ranker, speller: say which one with --model.",
      nextLine: `/slipway deploy staging @${short} --model ranker`,
    });
  });

  it("that is mistyped is offered", () => {
    const mistyped = modelNameSchema.parse("rankre");
    expect(refusal({ command: { ...command, model: mistyped } }).nextLine).toBe(`/slipway deploy staging @${short} --model ranker`);
  });

  it("that its gates stop is told which of them block, and why", () => {
    const gates = [
      { id: "ndcg@10", verdict: "fail", blocks: "unless-pass", message: "Worse by 5%." },
      { id: "mrr", verdict: "inconclusive", blocks: "unless-pass", message: "Too few queries." },
      { id: "informs", verdict: "fail", blocks: "never", message: "Not told." },
      { id: "slices", verdict: "inconclusive", blocks: "on-fail", message: "Not told." },
      { id: "good", verdict: "pass", blocks: "unless-pass", message: "Not told." },
    ] as const;
    expect(refusal({ judgement: judgement([failing(gates)]) }).message).toBe(
      "ranker 2.0 may not be released: its verdict is fail. ndcg@10: Worse by 5%. mrr: Too few queries.",
    );
  });

  it("is told once what a gate is about, and which rule is not its own", () => {
    const gates = [
      { id: "ndcg@10 no-worse-than", metric: "ndcg@10", verdict: "fail", blocks: "unless-pass", message: "ndcg@10 is worse than allowed." },
      { id: "floor ndcg@10", metric: "ndcg@10", verdict: "fail", blocks: "unless-pass", message: "ndcg@10 is not at least 0.3." },
    ] as const;
    expect(refusal({ judgement: judgement([failing(gates)]) }).message).toBe(
      "ranker 2.0 may not be released: its verdict is fail. ndcg@10 is worse than allowed. The policy's floor: ndcg@10 is not at least 0.3.",
    );
  });
});
