import { describe, expect, test } from "vitest";
import { commitShaSchema } from "#domain/model/names.ts";
import { type Attempt, compareAndSwap, EnvironmentsKeepMoving } from "#flows/compare-and-swap.ts";
import type { CommitOutcome } from "#ports/environments-repository.ts";

const commit = commitShaSchema.parse("a".repeat(40));
const moved: CommitOutcome = { kind: "moved" };

/** Attempts with these outcomes, one after the other; answers with how many there were. */
function attempts(...outcomes: readonly (CommitOutcome | "nothing")[]) {
  let count = 0;
  return async (): Promise<Attempt<string>> => {
    const outcome = outcomes[count] ?? moved;
    count += 1;
    if (outcome === "nothing") return { kind: "nothing-to-write", answer: `nothing after ${count}` };
    return { kind: "wrote", outcome, answer: (sha) => `${sha.slice(0, 3)} after ${count}`, refused: (why) => `${why} after ${count}` };
  };
}

describe("compare and swap", () => {
  test.each<readonly [string, readonly (CommitOutcome | "nothing")[], string]>([
    ["a commit that lands is answered with its name", [{ kind: "committed", commit }], "aaa after 1"],
    ["a repository that moved is read and decided again", [moved, moved, { kind: "committed", commit }], "aaa after 3"],
    ["what the fresh reading leaves nothing to write for is answered", [moved, "nothing"], "nothing after 2"],
    [
      "a refusal is not tried again",
      [
        { kind: "refused", message: "protected" },
        { kind: "committed", commit },
      ],
      "protected after 1",
    ],
    ["the eighth attempt may still land", [...Array<CommitOutcome>(7).fill(moved), { kind: "committed", commit }], "aaa after 8"],
  ])("%s", async (_, outcomes, answer) => {
    expect(await compareAndSwap(attempts(...outcomes))).toBe(answer);
  });

  test("gives up after eight attempts and says that it is tried again later", async () => {
    await expect(compareAndSwap(attempts())).rejects.toThrow(EnvironmentsKeepMoving);
    await expect(compareAndSwap(attempts())).rejects.toThrow("Slipway tries again at the next resync");
  });
});
