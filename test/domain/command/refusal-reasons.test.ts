import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseComment } from "#domain/command/parse-comment.ts";
import { type RefusalReason, refusedAnswer, remedies } from "#domain/command/refusal-reasons.ts";
import { answerView } from "#domain/report/answer-view.ts";
import { templates } from "#test/adapters/templates/shipped-templates.ts";

const reasons = Object.keys(remedies).filter((name): name is RefusalReason => Object.hasOwn(remedies, name));
const asked = { line: "/slipway deploy production @1f3c9a7be042" };

/** A line as a person would complete it. */
const completed = (line: string) => line.replace("<name>", "ranker");

describe("every reason for a refusal", () => {
  it.each(reasons)("%s says what and why, who can, and the line to type next", (code) => {
    const answer = refusedAnswer(asked, { code, message: "It is not so, because of that." });
    const text = templates.render("answer.md", answerView(answer));
    expect(text).toContain("⛔ It is not so, because of that.");
    expect(text).toMatch(/^\*\*Who can:\*\* [a-z].+[^.]$/m);
    expect(text).toMatch(/\nNext:\n\n```text\n\/slipway .+\n```/);
    expect(parseComment(completed(answer.next ?? ""))).toMatchObject([{ kind: "command" }]);
  });

  it.each(reasons)("%s is given somewhere, beside its registration", (code) => {
    expect(givenIn.some((text) => text.includes(`"${code}"`))).toBe(true);
  });

  it("names people and a better line where the decision knows them", () => {
    const answer = refusedAnswer(asked, { code: "held", message: "It is held.", who: "hal", nextLine: "/slipway unhold x" });
    expect([answer.who, answer.next]).toEqual(["hal", "/slipway unhold x"]);
  });

  it("is answered to a click with the line that a person would type, never with the words of the click", () => {
    const answer = refusedAnswer({ line: 'lee clicked "Deploy"', typed: asked.line }, { code: "not-merged", message: "It is open." });
    expect([answer.command, answer.next]).toEqual(['lee clicked "Deploy"', asked.line]);
  });
});

/** What follows the lists of codes, in which a code alone is no use of it. */
const givenIn = globSync(["src/domain/command/*.ts", "src/domain/report/*.ts", "src/flows/*.ts"])
  .filter((path) => !path.endsWith("refusal-reasons.ts"))
  .map((path) => readFileSync(path, "utf8").replaceAll(/\w*[cC]odes = \[[\s\S]*?\] as const/g, ""));
