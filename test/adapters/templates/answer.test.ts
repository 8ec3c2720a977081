import { describe, expect, it } from "vitest";
import { type Answer, answerView } from "#domain/report/answer-view.ts";
import { templates } from "./shipped-templates.ts";

const answer = (given: Answer) => templates.render("answer.md", answerView(given));

describe("the answer to a command", () => {
  it("quotes the command and says why it was refused and what to type instead", async () => {
    const text = answer({
      command: "/slipway deploy production @aaaaaaaaaaaa",
      kind: "refused",
      sentence: "The verdict of search-ranker at aaaaaaaaaaaa is fail, so it cannot be released.",
      points: ["ndcg@10 −14.2 % [−17.9, −10.4], limit −2 %", "Lee or a member of the team ranking may try again with another candidate."],
      who: "Lee and members of the team ranking",
      next: "/slipway status",
    });
    await expect(text).toMatchFileSnapshot("golden/answer-refused.md");
  });

  it("shows a table where there is one", async () => {
    const text = answer({
      command: "/slipway status",
      kind: "told",
      sentence: "One release is on its way.",
      table: { columns: ["environment", "live", "on its way"], rows: [["production", "2026.11.02-1", "2026.11.20-3 at 25 %"]] },
    });
    await expect(text).toMatchFileSnapshot("golden/answer-status.md");
  });

  it("is one line when one line says it", () => {
    expect(answer({ command: "/slipway help", kind: "done", sentence: "Done." })).toBe("> `/slipway help`\n\n🚀 Done.\n");
  });
});
