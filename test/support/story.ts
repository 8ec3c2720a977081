import { advanceRelease } from "#flows/advance-release.ts";
import { openReleases } from "#flows/open-releases.ts";
import { resyncModels } from "#flows/resync-models.ts";
import { lineFor } from "#test/support/commenting.ts";
import type { Service } from "#test/support/fakes/metrics.ts";
import { followGit } from "#test/support/git-follower.ts";
import { type Death, Killed, killable } from "#test/support/killable.ts";
import { newestStep } from "#test/support/releasing.ts";
import { type TestWorld, testWorld } from "#test/support/world.ts";
import { better } from "#test/support/world-texts.ts";

export interface Told {
  readonly w: TestWorld;
  /** What was written, in order. */
  readonly writes: readonly string[];
  /** All that anyone can see at the end, commits masked. */
  readonly end: Readonly<Record<string, unknown>>;
}

const longest = 30;

/**
 * A pull request, its evidence, a deploy, and what becomes of it: told by the resync alone, second by second. The process may die once
 * around one of its writes; the next one takes over in the same second.
 */
export async function tellStory(service: Service, death?: Death): Promise<Told> {
  const w = await testWorld();
  const process = killable(w.world, w.models, death);
  w.metrics.serve(better.digest, service);
  const pull = w.propose();
  await w.completeRun(pull);

  for (let second = 0; second < longest && !(await ended(w)); second += 1) {
    if (second === 2) w.say(pull, lineFor(pull));
    await followGit(w);
    await untilQuiet(w, async () => {
      try {
        await resyncModels(process.world, process.models);
        for (const { environment, model } of await openReleases(process.world)) await advanceRelease(process.world, environment, model);
      } catch (error) {
        if (!isDeath(error)) throw error;
        process.restart();
        return "died";
      }
      return "lived";
    });
    w.clock.advance(1000);
  }
  return { w, writes: process.writes, end: await visible(w) };
}

/** A resync goes on with what else there is to do, which a dead process cannot: then each of its errors is that death. */
function isDeath(error: unknown): boolean {
  return error instanceof Killed || (error instanceof AggregateError && error.errors.every((each) => each instanceof Killed));
}

/** Looks again until a look, and not the last of a process, changes nothing that anyone can see. */
async function untilQuiet(w: TestWorld, look: () => Promise<"lived" | "died">): Promise<void> {
  for (;;) {
    const before = await seen(w);
    if ((await look()) === "lived" && (await seen(w)) === before) return;
  }
}

async function ended(w: TestWorld): Promise<boolean> {
  const step = await newestStep(w);
  return step === "verified" || step === "rolled back";
}

const seen = async (w: TestWorld): Promise<string> => JSON.stringify(await visible(w));

async function visible(w: TestWorld): Promise<Readonly<Record<string, unknown>>> {
  const { entries } = await w.environments.snapshot();
  const pulls = await w.models.repository.openPullRequests();
  const told = {
    files: Object.fromEntries([...entries.keys()].toSorted().map((path) => [path, w.environments.text(path)])),
    steps: (await w.environments.history({ limit: 100, paths: ["environments", ".slipway"] })).map(({ message }) => message),
    evidence: (await w.evidence.read(1, 1)).length,
    proposals: w.proposals.all(),
    incidents: w.incidents.all(),
    checks: pulls.map(({ head }) => w.reports.checkOf(head)),
    comments: pulls.map(({ number }) => w.reports.commentOf(number)),
    answers: w.conversation.answersTo(1),
    reactions: w.conversation.reactionsTo(1),
  };
  return JSON.parse(JSON.stringify(told).replaceAll(/\b[0-9a-f]{40}\b/g, "<commit>"));
}
