import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { policyPath } from "#domain/environment/paths.ts";
import { printState, statePathOf } from "#domain/environment/state.ts";
import { policyYaml } from "#sandbox/stage/contents.ts";
import { adapterSetting, identity, token } from "#test/adapters/git/adapter-setting.ts";
import { environmentState, openRelease } from "#test/support/builders.ts";
import { type Ended, runEntry } from "#test/support/run-entry.ts";

let setting: Awaited<ReturnType<typeof adapterSetting>>;
let home: string;
let clone: string;

const state = environmentState({
  release: openRelease({ phase: "paused", pausedAt: "2026-11-20T09:00:00.000Z", reason: "lee paused it" }),
});
const message = "Pause it\n\nSlipway-Release: r-0123456789abcdef\n";

beforeAll(async () => {
  const policy = policyYaml({ modelsId: 1, workflow: "acme/slipway/.github/workflows/evaluate.yml", sha: "a".repeat(40) });
  setting = await adapterSetting({ [policyPath]: policy });
  await setting.host.edit({ [statePathOf(state)]: printState(state) }, { ...identity, message });
  home = mkdtempSync(join(tmpdir(), "status-"));
  clone = join(home, "environments");
  writeFileSync(join(home, "credentials"), `http://x-access-token:${token}@${new URL(setting.host.url).host}\n`, { mode: 0o600 });
  writeFileSync(join(home, ".gitconfig"), `[credential]\n  helper = store --file=${home}/credentials\n`);
  await promisify(execFile)("git", ["clone", "--quiet", setting.host.url, clone], { env: { HOME: home, PATH: process.env["PATH"] } });
});
afterAll(async () => {
  await setting?.close();
  rmSync(home, { recursive: true, force: true });
});

const run = (...args: readonly string[]): Promise<Ended> =>
  runEntry("cli", ["status", ...args], { folder: clone, environment: { HOME: home } });

describe("slipway status, in a clone", () => {
  it("says what is live, what is on its way, what blocks it and what to type", async () => {
    const { code, stdout, stderr } = await run("--json", "--environment", "production");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "slipway/status/v1",
      models: [
        {
          model: "search-ranker",
          environment: "production",
          live: "2026.11.02-1",
          onItsWay: expect.stringContaining("2026.11.20-3: step 1 at 5 %"),
          blockedBy: expect.stringContaining("lee paused it"),
          next: expect.stringContaining("/slipway resume production"),
        },
      ],
    });
    expect((await run()).stdout).toMatch(/^model +environment +live +on its way/);
  });

  it("shows what somebody edited by hand since", async () => {
    await setting.host.edit({ "environments/production/search-ranker/http-route.yaml": "weight: 100\n" });
    expect((await run("--model", "search-ranker")).stdout).toContain("Alex Person");
  });

  it("shows a model whose state cannot be read as that, and does not leave it out", async () => {
    await setting.host.edit({ ".slipway/state/production/torn.yaml": "live: yesterday\n" });
    const { code, stdout } = await run();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^torn .*unreadable/m);
    await setting.host.edit({ ".slipway/state/production/torn.yaml": null });
  });

  it("says what is wrong with a policy that cannot be read", async () => {
    await setting.host.edit({ [policyPath]: "kind: Nonsense\n" });
    const { code, stdout, stderr } = await run();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(policyPath);
  });
});
