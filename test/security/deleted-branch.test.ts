import { expect, test } from "vitest";
import { outcome } from "#test/domain/command/deploy-outcome.ts";
import { deployRequest } from "#test/domain/command/deploy-request-builder.ts";
import { ask, openRelease, passing } from "#test/support/commenting.ts";

test("a pull request that closed because its branch was deleted releases nothing", async () => {
  const { w, pull, line } = await passing();
  w.repository.close(pull.number);
  expect(await ask(w, pull, line)).toContain("closed without being merged");
  expect(await openRelease(w)).toBeNull();
});

test("a head whose repository is gone is nobody's, and is treated as a fork's", () => {
  const { pullRequest } = deployRequest();
  expect(outcome({ pullRequest: { ...pullRequest, headRepositoryId: null } })).toBe("fork-head");
});
