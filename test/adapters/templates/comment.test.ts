import { describe, expect, it } from "vitest";
import { instantSchema } from "#domain/model/time.ts";
import { commentView } from "#domain/report/comment-view.ts";
import type { PullRequestJudgement } from "#domain/report/judgement.ts";
import { better, first, worse } from "#test/domain/report/cases.ts";
import { digest, judgedModel, judgement, policy, report, sha } from "#test/domain/report/judgement-builder.ts";
import { templates } from "./shipped-templates.ts";

const comment = (given: PullRequestJudgement) => templates.render("comment.md", commentView(given, policy));

describe("the report comment", () => {
  it("says first what failed, by how much and against what, and draws it", async () => {
    const text = comment(judgement([judgedModel(worse, { ignoredChanges: ["gates", "evaluation.slices"] })]));
    await expect(text).toMatchFileSnapshot("golden/comment-fail.md");
  });

  it("says what changed since the last evaluated commit, and keeps the earlier ones folded", async () => {
    const when = (day: string) => instantSchema.parse(`2026-11-${day}T08:00:00.000Z`);
    const background = {
      evaluatedAt: when("20"),
      liveSince: when("02"),
      earlier: [
        { head: sha("9"), evaluatedAt: when("19"), report: worse },
        { head: sha("8"), evaluatedAt: when("18"), report: { ...worse, dataset: { name: "cranfield", digest: digest("0") } } },
      ],
    };
    await expect(comment(judgement([judgedModel(better, { background })]))).toMatchFileSnapshot("golden/comment-history.md");
  });

  it("ends a passing report with the line to type and who may type it", async () => {
    await expect(comment(judgement([judgedModel(better)]))).toMatchFileSnapshot("golden/comment-pass.md");
  });

  it("shows a first version judged by the floor, naming the gates that were left out", async () => {
    await expect(comment(judgement([judgedModel(first, { baseline: null })]))).toMatchFileSnapshot("golden/comment-first-version.md");
  });

  it("shows self-reported evidence clearly as not gating", async () => {
    const model = judgedModel(worse, {
      verdict: "no-data",
      code: "only-self-reported",
      message: "The only evidence of this head is self-reported: it is shown, but decides nothing. Run the trusted workflow.",
      evidence: null,
      selfReported: {
        report: worse,
        run: 43,
        attempt: 2,
        reason: "The workflow acme/models/.github/workflows/mine.yml is not on the policy's list.",
      },
    });
    await expect(comment(judgement([model]))).toMatchFileSnapshot("golden/comment-self-reported.md");
  });

  it("shows every problem of a definition where it stands", async () => {
    const file = "models/search-ranker/model.yaml";
    const model = judgedModel(report(), {
      candidate: null,
      verdict: "error",
      code: "definition-invalid",
      message: `The definition cannot be read: ${file}:7:3 unknown key "predictons"; did you mean "predictions"?`,
      evidence: null,
      problems: [
        { file, line: 7, column: 3, path: ["evaluation"], message: 'unknown key "predictons"; did you mean "predictions"?' },
        { file, line: 12, column: 20, path: ["gates", 0, "metric"], message: "expected text, found a number" },
      ],
    });
    await expect(comment(judgement([model]))).toMatchFileSnapshot("golden/comment-invalid-definition.md");
  });

  it("puts an index before several models, and says what cannot be released whatever the numbers", async () => {
    const given = judgement([judgedModel(worse), judgedModel(first, { baseline: null })], {
      refusals: [
        {
          code: "base-not-named-by-policy",
          message: "The policy releases search-ranker only from main; this pull request wants to be merged into another branch.",
        },
      ],
    });
    await expect(comment(given)).toMatchFileSnapshot("golden/comment-two-models.md");
  });

  it("asks nobody to type anything while there is no evidence", async () => {
    const model = judgedModel(report(), {
      verdict: "no-data",
      code: "no-evidence",
      message: "No evaluation of this head has been recorded yet.",
      evidence: null,
    });
    await expect(comment(judgement([model]))).toMatchFileSnapshot("golden/comment-no-evidence.md");
  });

  it("says where examples are, and shows nothing of them", () => {
    const example = { id: "query-of-a-person", difference: 1, baseline: 0, candidate: 1 };
    const lists = { baseline: [], candidate: [{ rank: 1, item: "what-was-shown", score: 1, label: null }] };
    const examples = { metric: "ndcg@10", better: "higher" as const, unit: "query_id", wins: [{ ...example, lists }], losses: [] };
    const text = comment(judgement([judgedModel({ ...better, examples })]));
    expect(text).toContain("1 example is in report.json of the run: the biggest wins (1) and losses (0) on ndcg@10.");
    expect(text).not.toMatch(/query-of-a-person|what-was-shown/);
  });

  it("leaves the marker by which it is found to the adapter, so that no override can lose it", () => {
    expect(comment(judgement())).not.toContain("<!--");
  });

  it("names the head and the report in full enough to look them up", () => {
    const text = comment(judgement([judgedModel(better)], { head: sha("f") }));
    expect(text).toContain(`head \`${"f".repeat(12)}\``);
    expect(text).toContain(digest("6").slice(7, 19));
  });
});
