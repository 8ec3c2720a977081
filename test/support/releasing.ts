import { parseTrailers } from "#domain/environment/trailers.ts";
import type { Advance } from "#flows/advance.ts";
import { advanceRelease } from "#flows/advance-release.ts";
import { ask, passing } from "#test/support/commenting.ts";
import type { Service } from "#test/support/fakes/metrics.ts";
import { followGit } from "#test/support/git-follower.ts";
import type { TestWorld, WorldOptions } from "#test/support/world.ts";
import { better, production, ranker } from "#test/support/world-texts.ts";

export const healthy: Service = { perSecond: 100, goodShare: 1 };
/** 7 of 10 good where 9 are promised: the window fails, the budget does not burn five times too fast. */
export const slow: Service = { perSecond: 100, goodShare: 0.7 };
/** 8 good requests of 10 prove nothing about 9 of 10. */
export const scarce: Service = { perSecond: 5, goodShare: 0.8 };

export const advance = (w: TestWorld): Promise<Advance> => advanceRelease(w.world, production, ranker);

/** A release at its first weight, in Git but not seen live yet. */
export async function releasing(options: WorldOptions = {}, service: Service = healthy): Promise<TestWorld> {
  const { w, pull, line } = await passing(options);
  w.metrics.serve(better.digest, service);
  await ask(w, pull, line);
  return w;
}

/** Cluster, clock and Slipway go on, half a second at a time, until Git has a commit of this step. */
export async function until(w: TestWorld, step: string): Promise<TestWorld> {
  for (let count = 0; count < 100; count += 1) {
    if ((await newestStep(w)) === step) return w;
    await followGit(w);
    await advance(w);
    w.clock.advance(500);
  }
  throw new Error(`no step ${step} came`);
}

/** The trailer `Slipway-Step` of the newest commit. */
export async function newestStep(w: TestWorld): Promise<string | undefined> {
  const [newest] = await w.environments.history({ limit: 1, paths: ["environments", ".slipway"] });
  return newest && parseTrailers(newest.message)["Slipway-Step"];
}

/** What a run of something changed in Git: the paths, and what the newest commit says of itself. */
export async function changesOf(w: TestWorld, run: () => Promise<unknown>) {
  const before = await w.environments.snapshot();
  await run();
  const after = await w.environments.snapshot();
  const paths = new Set([...before.entries.keys(), ...after.entries.keys()]);
  const [newest] = await w.environments.history({ limit: 1, paths: [...paths] });
  return {
    moved: before.head !== after.head,
    paths: [...paths].filter((path) => before.entries.get(path) !== after.entries.get(path)).toSorted(),
    trailers: after.head === newest?.sha ? parseTrailers(newest.message) : undefined,
  };
}
