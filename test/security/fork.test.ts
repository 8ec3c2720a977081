import { describe, expect, test } from "vitest";
import { outcome } from "#test/domain/command/deploy-outcome.ts";
import { deployRequest } from "#test/domain/command/deploy-request-builder.ts";
import { ask, lineFor, openRelease } from "#test/support/commenting.ts";
import { measured } from "#test/support/judging.ts";
import { testWorld } from "#test/support/world.ts";
import { better } from "#test/support/world-texts.ts";

describe("a pull request from a fork", () => {
  test("releases nothing, whatever it measured and whoever asks", async () => {
    const w = await testWorld();
    const pull = w.propose(better, {}, { headRepositoryId: 666 });
    await measured(w, pull);
    for (const author of ["lee", "amy", "hal"])
      expect(await ask(w, pull, lineFor(pull), author)).toContain("nothing is released from a fork");
    expect(await openRelease(w)).toBeNull();
  });

  test("gets no token from GitHub, so what its run measured is self-reported", async () => {
    const w = await testWorld();
    const pull = w.propose(better, {}, { headRepositoryId: 666 });
    await measured(w, pull, { signed: false });
    expect(await ask(w, pull, lineFor(pull))).toMatch(/self\\?-reported|nothing is released from a fork/);
    expect(await openRelease(w)).toBeNull();
  });

  test("releases nothing to a merged-only environment either before it is merged", () => {
    const { pullRequest } = deployRequest();
    expect(outcome({ pullRequest: { ...pullRequest, headRepositoryId: 2 } })).toBe("fork-head");
  });
});
