import { stateIn } from "#domain/environment/read-snapshot.ts";
import { commitShaSchema } from "#domain/model/names.ts";
import { parseRelease, type ReleaseRecord } from "#domain/rollout/release.ts";
import type { Service } from "#test/support/fakes/metrics.ts";
import { releasing, until } from "#test/support/releasing.ts";
import { type Pull, type TestWorld, type WorldOptions } from "#test/support/world.ts";
import { policyText, production, ranker, version } from "#test/support/world-texts.ts";

export const older = version("2026.10.01-1", "b");
/** Of the release that each world is about. */
export const pull: Pull = { number: 1, head: commitShaSchema.parse("0".repeat(40)) };
export const proposing = { policy: policyText({ environments: [{ name: "production", from: "pull-request", rollback: "propose" }] }) };

export const canary = async (options: WorldOptions = {}, service?: Service): Promise<TestWorld> =>
  until(await releasing(options, service), "live 5");

export async function stateOf(w: TestWorld) {
  const state = stateIn(await w.environments.snapshot(), production, ranker);
  if (state?.kind !== "ok") throw new Error("the state can be read");
  return state.value;
}

export async function newestMessage(w: TestWorld): Promise<string> {
  const [newest] = await w.environments.history({ limit: 1, paths: ["environments", ".slipway"] });
  return newest?.message ?? "";
}

export async function recordOf(w: TestWorld, id: string): Promise<ReleaseRecord | undefined> {
  const { entries } = await w.environments.snapshot();
  const path = [...entries.keys()].find((file) => file.endsWith(`/${id}.yaml`) && file.startsWith(".slipway/releases/"));
  const read = path === undefined ? undefined : parseRelease(w.environments.text(path) ?? "", path);
  return read?.kind === "ok" ? read.value : undefined;
}
