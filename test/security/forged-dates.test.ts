import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addMilliseconds } from "#domain/model/time.ts";
import { outcome } from "#test/domain/command/deploy-outcome.ts";
import type { at } from "#test/domain/command/deploy-request-builder.ts";
import { deployRequest, head, prefix } from "#test/domain/command/deploy-request-builder.ts";
import { projectFolder } from "#test/support/run-entry.ts";

/** branch-deploy compares the comment's time with the commit's, which its author writes. Ours is when our own log recorded the evaluation. */
test("a commit is known from when its evaluation was recorded, by our clock, whatever dates it carries", () => {
  const { comment, command } = deployRequest();
  const evaluated = (evaluatedAt: ReturnType<typeof at>) => [{ sha: head, evaluatedAt }];
  const short = { ...command, sha: prefix(head.slice(0, 12)) };
  for (const said of [command, short]) {
    expect(outcome({ command: said, evaluations: evaluated(addMilliseconds(comment.createdAt, -1)) })).toBe("start");
    expect(outcome({ command: said, evaluations: evaluated(comment.createdAt) })).toBe("sha-not-evaluated");
    expect(outcome({ command: said, evaluations: evaluated(addMilliseconds(comment.createdAt, 1)) })).toBe("sha-not-evaluated");
  }
});

test("what is read of a pull request's commits holds no date that their author writes", () => {
  const folder = join(projectFolder, "src/adapters/github");
  const text = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");
  expect(text).not.toMatch(/committer|commit\.author|authored_?date|pushed_?date/i);
});
