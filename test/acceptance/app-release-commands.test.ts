import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually } from "#sandbox/stage/eventually.ts";
import type { Stage } from "#sandbox/stage/stage.ts";
import { versions } from "#sandbox/stage/versions.ts";
import { appStage, ask, commitsWith, environments, evaluated, strike } from "#test/support/app-stage.ts";

let stage: Stage;
let good: { readonly number: number; readonly sha: string };

beforeAll(async () => {
  stage = await appStage({ resyncSeconds: 2 });
  good = await stage.propose("good", "Rank by BM25", versions.slow);
  await evaluated(stage, good, "Pass");
});
afterAll(() => strike(stage));

/** GitHub's times are whole seconds: a command means only what began before them. */
async function says(line: string): Promise<string> {
  await pause(1100);
  return (await ask(stage.people.lee, good.number, line)).answer;
}

const folder = "environments/production/search-ranker";
const tree = async (): Promise<string> => (await stage.look()).git("rev-parse", `HEAD:${folder}`);
const inState = async (): Promise<string> => (await stage.look()).git("show", "HEAD:.slipway/state/production/search-ranker.yaml");

it("a release is paused, resumed and aborted by commands, each one commit, and what was live is back byte for byte", async () => {
  const before = await tree();
  expect(await says(`/slipway deploy production @${good.sha}`)).toContain("🚀 Starts the release of search-ranker 2026.11.18-1");

  expect(await says("/slipway pause production the store is moved")).toContain("🚀 Pause search-ranker 2026.11.18-1 at 5 % in production.");
  expect(await inState()).toContain("phase: paused");
  expect(await says("/slipway status")).toContain("paused: lee paused it: the store is moved");
  expect(await says("/slipway resume production")).toContain("🚀 Resume search-ranker 2026.11.18-1 at 5 % in production.");
  expect(await inState()).toContain("phase: progressing");

  expect(await says("/slipway abort production changed my mind")).toContain("🚀 Abort search-ranker 2026.11.18-1 in production.");
  expect(await tree()).toBe(before);
  expect(await inState()).toContain("release: null");
  for (const step of ["pause", "resume", "aborted"]) expect(await commitsWith(stage, "Slipway-Step", step)).toHaveLength(1);
});

it("a person's rollback takes the weight back and holds at once, restores the files by pull request, and opens an incident", async () => {
  const before = await tree();
  await says(`/slipway deploy production @${good.sha}`);
  expect(await says("/slipway rollback production it is wrong")).toContain("🚀 Stop search-ranker 2026.11.18-1 in production");
  await eventually("the rollback to be closed", async () => (await commitsWith(stage, "Slipway-Step", "rolled back"))[0]);
  expect(await tree()).toBe(before);
  const pulls = await stage.people.petra.pullRequests(environments);
  const pull = pulls.find(({ head }) => head.ref.startsWith("slipway/rollback/"));
  expect(pull?.title).toBe("Roll back search-ranker in production: 2026.11.18-1 is rolled back by a person");
  const [incident] = await stage.people.petra.issues(environments);
  expect(incident?.title).toBe("search-ranker 2026.11.18-1 is rolled back by a person in production");

  const held = await says(`/slipway deploy production @${good.sha}`);
  expect(held).toContain("is held in production");
  expect(held).toContain(`/slipway unhold production ${versions.slow.digest} <reason>`);
});
