import { expect, test } from "vitest";
import { outcome, refusal } from "#test/domain/command/deploy-outcome.ts";
import { at, deployRequest, head, prefix, sha } from "#test/domain/command/deploy-request-builder.ts";

const { pullRequest, command } = deployRequest();
const good = { sha: head, evaluatedAt: at("08:00:00") };
const bad = { sha: sha("b"), evaluatedAt: at("09:00:00") };

test("after a push and a push back, a line without a commit means what was evaluated last, which is the head no more", () => {
  expect(outcome({ evaluations: [good, bad] })).toBe("head-moved");
});

test("the commit that was pushed back is released only by its name, and the one in between by none", () => {
  expect(outcome({ evaluations: [good, bad], command: { ...command, sha: prefix(head.slice(0, 12)) } })).toBe("start");
  expect(outcome({ evaluations: [good, bad], command: { ...command, sha: prefix(bad.sha.slice(0, 12)) } })).toBe("head-moved");
});

test("a head that was pushed back while another one was judged is not taken for it", () => {
  const { judgement } = deployRequest();
  expect(outcome({ judgement: { ...judgement, head: bad.sha }, command: { ...command, sha: prefix(head) } })).toBe("head-moved");
  const moved = { ...pullRequest, head: bad.sha };
  expect(refusal({ pullRequest: moved, command: { ...command, sha: prefix(head) } }).code).toBe("head-moved");
});
