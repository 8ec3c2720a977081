import { describe, expect, test } from "vitest";
import { policyPath, statePath } from "#domain/environment/paths.ts";
import { parseRelease } from "#domain/rollout/release.ts";
import { advanceRelease } from "#flows/advance-release.ts";
import { advance, changesOf, newestStep, releasing, until } from "#test/support/releasing.ts";
import { routePath, type TestWorld } from "#test/support/world.ts";
import { policyText, production, ranker } from "#test/support/world-texts.ts";

const state = statePath(production, ranker);

async function idOf(w: TestWorld): Promise<string> {
  const [start] = await w.environments.history({ limit: 1, trailer: "Slipway-Step", value: "start" });
  return /Slipway-Release: (\S+)/.exec(start?.message ?? "")?.[1] ?? "";
}
async function recordOf(w: TestWorld) {
  const path = [...(await w.environments.snapshot()).entries.keys()].find((name) => name.startsWith(".slipway/releases/")) ?? "";
  const record = parseRelease(w.environments.text(path) ?? "", path);
  if (record.kind === "invalid") throw new Error("the release record can be read");
  return record.value;
}

const later = async (w: TestWorld, milliseconds: number): Promise<TestWorld> => (w.clock.advance(milliseconds), w);

describe("nothing is written", () => {
  const unreadable: readonly (readonly [string, (w: TestWorld, id: string) => void, string, RegExp])[] = [
    [
      "when a person edited the model's files",
      (w) => void w.environments.edit({ [routePath]: "kind: HTTPRoute\n" }),
      "wait",
      /edited by Alex Person/,
    ],
    [
      "when a person edited the state, even into one that reads the same",
      (w) => void w.environments.edit({ [state]: `# mine\n${w.environments.text(state)}` }),
      "wait",
      /edited by Alex Person/,
    ],
    ["when the state cannot be read", (w) => void w.environments.edit({ [state]: "schema: slipway/state/v9\n" }), "unreadable", /state\/v/],
    [
      "when the release's record is missing",
      (w, id) => void w.environments.edit({ [`.slipway/releases/production/search-ranker/${id}.yaml`]: null }),
      "unreadable",
      /is missing/,
    ],
    [
      "when the release's record cannot be read",
      (w, id) => void w.environments.edit({ [`.slipway/releases/production/search-ranker/${id}.yaml`]: "steps: none\n" }),
      "unreadable",
      /\.yaml:1/,
    ],
    ["when the policy cannot be read", (w) => void w.environments.edit({ [policyPath]: "kind: Policies\n" }), "wait", /policy\.yaml:1/],
    ["when the policy is gone", (w) => void w.environments.edit({ [policyPath]: null }), "wait", /there is no such file/],
  ];
  test.each(unreadable)("%s", async (_, change, kind, message) => {
    const w = await later(await until(await releasing(), "live 5"), 2000);
    change(w, await idOf(w));
    const { moved } = await changesOf(w, async () =>
      expect(await advance(w)).toMatchObject({ kind, message: expect.stringMatching(message) }),
    );
    expect(moved).toBe(false);
  });

  test("when the host's rules refuse the push, which is told", async () => {
    const w = await later(await until(await releasing(), "live 5"), 2000);
    w.environments.refuse("protected branch");
    expect(await advance(w)).toMatchObject({ kind: "refused", message: "protected branch", wakeAt: null });
    w.environments.refuse(undefined);
    expect(await advance(w)).toMatchObject({ kind: "raise" });
  });

  test("when the requests cannot be counted, until the last extension is over: then it is paused with the reason", async () => {
    const w = await later(await until(await releasing(), "live 5"), 2000);
    const metrics = { ...w.metrics, count: () => Promise.reject(new Error("no such log")) };
    expect(await advanceRelease({ ...w.world, metrics }, production, ranker)).toMatchObject({ kind: "wait" });
    expect(await newestStep(w)).toBe("live 5");
    await later(w, 600_000);
    expect(await advanceRelease({ ...w.world, metrics }, production, ranker)).toMatchObject({ kind: "pause" });
    expect(await newestStep(w)).toBe("pause");
  });
});

test("what people write besides the model's files stops nothing: policy, freezes and other models are theirs", async () => {
  const w = await later(await until(await releasing(), "live 5"), 2000);
  w.environments.edit({ [policyPath]: policyText(), "environments/production/other/x.yaml": "a: 1\n" });
  expect(await advance(w)).toMatchObject({ kind: "raise" });
});

test("a running release follows the plan it started with, whatever the default branch says now", async () => {
  const w = await until(await releasing(), "live 5");
  w.repository.commit("main", { "models/search-ranker/model.yaml": "kind: nothing\n" });
  await until(w, "verified");
  expect((await recordOf(w)).steps.map(({ weight }) => weight)).toEqual([5, 25, 100]);
});
