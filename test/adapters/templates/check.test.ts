import { describe, expect, it } from "vitest";
import { checkView } from "#domain/report/check-view.ts";
import type { PullRequestJudgement } from "#domain/report/judgement.ts";
import { better, worse } from "#test/domain/report/cases.ts";
import { judgedModel, judgement } from "#test/domain/report/judgement-builder.ts";
import { templates } from "./shipped-templates.ts";

const summary = (given: PullRequestJudgement) => templates.render("check.md", checkView(given).summary);

describe("the check's summary", () => {
  it("shows the gates of every changed model", async () => {
    await expect(summary(judgement([judgedModel(worse), judgedModel(better)]))).toMatchFileSnapshot("golden/check-two-models.md");
  });

  it("says that nothing was to be evaluated when no model changed", async () => {
    await expect(summary(judgement([]))).toMatchFileSnapshot("golden/check-no-model.md");
  });
});
