import { describe, expect, test } from "vitest";
import { parseTrailers } from "#domain/environment/trailers.ts";
import type { Service } from "#test/support/fakes/metrics.ts";
import { ownedFiles } from "#test/support/git-follower.ts";
import { healthy, slow } from "#test/support/releasing.ts";
import { type Told, tellStory } from "#test/support/story.ts";
import { servedFiles } from "#test/support/world.ts";
import { liveVersion } from "#test/support/world-texts.ts";

const stepsOf = async ({ w }: Told): Promise<readonly (string | undefined)[]> =>
  (await w.environments.history({ limit: 100, paths: ["environments", ".slipway"] }))
    .map(({ message }) => parseTrailers(message)["Slipway-Step"])
    .filter((step) => step !== undefined)
    .toReversed();

const count = (told: Told, write: string): number => told.writes.filter((name) => name === write).length;

describe("the whole path, by the resync alone", () => {
  test("from pull request to verified", async () => {
    const told = await tellStory(healthy);
    expect(await stepsOf(told)).toEqual(["start", "live 5", "weight 25", "live 25", "weight 100", "live 100", "verified"]);
    expect(told.end["answers"]).toHaveLength(1);
    expect(told.w.incidents.all()).toEqual([]);
  });

  test("from pull request to breach to rolled back", async () => {
    const told = await tellStory(slow);
    expect(await stepsOf(told)).toEqual(["start", "live 5", "stop", "roll back", "rolled back"]);
    expect(told.w.proposals.all()).toMatchObject([{ state: "merged" }]);
    expect(told.w.incidents.all()).toHaveLength(1);
    expect(Object.fromEntries(await ownedFiles(told.w))).toEqual(servedFiles([liveVersion]));
  });
});

describe("a process that dies around any one of its writes", () => {
  const stories: readonly (readonly [string, Service])[] = [
    ["on the way to verified", healthy],
    ["on the way through a breach to rolled back", slow],
  ];
  test.each(stories)(
    "%s leaves what an undisturbed one leaves, nothing doubled",
    async (_, service) => {
      const undisturbed = await tellStory(service);
      const { length } = undisturbed.writes;
      expect(length).toBeGreaterThan(10);
      for (let write = 1; write <= length; write += 1) {
        for (const when of ["before", "after"] as const) {
          const disturbed = await tellStory(service, { write, when });
          const about = `killed ${when} write ${write}, ${undisturbed.writes[write - 1]}`;
          expect(masked(disturbed), about).toEqual(masked(undisturbed));
          for (const once of ["append", "open proposal", "open incident", "answer"]) {
            expect([about, once, count(disturbed, once)]).toEqual([about, once, count(undisturbed, once)]);
          }
        }
      }
    },
    60_000,
  );
});

/** The answer of a process that took over says that the command was executed, not how; all else is equal to the letter. */
function masked({ end }: Told): unknown {
  return { ...end, answers: Array.isArray(end["answers"]) ? end["answers"].length : end["answers"] };
}
