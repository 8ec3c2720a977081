import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Stage } from "#sandbox/stage/stage.ts";
import { versions } from "#sandbox/stage/versions.ts";
import { appStage, strike } from "#test/support/app-stage.ts";
import { type Ended, runEntry } from "#test/support/run-entry.ts";

let stage: Stage;
let measured: Readonly<Record<string, string>>;

beforeAll(async () => {
  stage = await appStage({ resyncSeconds: 3600 });
  await stage.propose("examined", "Rank by BM25", versions.slow);
  await stage.double.ask("POST", "idle");
  const logs = join(stage.folder, "requests.jsonl");
  await writeFile(logs, "");
  measured = { SLIPWAY_REQUEST_LOGS: logs, SLIPWAY_KUBERNETES_URL: "http://127.0.0.1:1" };
});
afterAll(() => strike(stage));
afterEach(() => stage.double.ask("DELETE", "faults"));

const doctor = (changes: Readonly<Record<string, string>> = {}, args: readonly string[] = []): Promise<Ended> =>
  runEntry("cli", ["doctor", ...args], { folder: stage.folder, environment: { ...stage.appEnvironment, ...measured, ...changes } });

const answerSchema = z.strictObject({
  schema: z.literal("slipway/doctor/v1"),
  well: z.boolean(),
  findings: z.array(z.object({ check: z.string(), kind: z.enum(["ok", "problem"]), message: z.string(), next: z.string().optional() })),
});

async function problems(changes: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await doctor(changes, ["--json"]);
  expect(stderr).toBe("");
  const { well, findings } = answerSchema.parse(JSON.parse(stdout));
  expect(code).toBe(well ? 0 : 1);
  return findings.filter(({ kind }) => kind === "problem");
}

describe("slipway doctor", () => {
  it("finds an installation well, one line a check, and prints no secret", async () => {
    const { code, stdout, stderr } = await doctor();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const checks = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.slice(0, 22).trim().replace(/ +/, " "));
    expect(checks.toSorted()).toEqual(
      [
        "settings",
        "trust root",
        "oidc issuer",
        "cluster",
        "metrics",
        "github",
        "clock",
        "events",
        "permissions",
        "webhooks",
        "repositories",
        "environments",
        "policy",
        "releases",
        "locks",
        "evidence log",
      ]
        .map((check) => `ok ${check}`)
        .toSorted(),
    );
    expect(stdout).toContain("models of acme/models are served");
    expect(stdout).not.toContain(stage.appEnvironment["SLIPWAY_WEBHOOK_SECRET"] ?? "no secret is set");
    expect(stdout).not.toMatch(/gh[a-z]_\w{8}/);
  });

  it("names settings that are wrong, and looks no further", async () => {
    expect(await problems({ SLIPWAY_WEBHOOK_SECRET: "secret", SLIPWAY_APP_ID: "" })).toMatchObject([
      { check: "settings", message: expect.stringMatching(/^SLIPWAY_APP_ID: /) },
      { check: "settings", message: expect.stringMatching(/^SLIPWAY_WEBHOOK_SECRET: /) },
      { check: "settings", message: expect.stringMatching(/^SLIPWAY_WEBHOOK_SECRET: /) },
    ]);
  });

  it("says that GitHub cannot be reached, and what else still holds", async () => {
    const found = await problems({ SLIPWAY_GITHUB_URL: "http://127.0.0.1:1", SLIPWAY_GIT_URL: stage.double.url });
    expect(found).toMatchObject([{ check: "github", next: expect.stringContaining("SLIPWAY_GITHUB_URL") }]);
  });

  it("says what cannot be measured or seen, and which trust root is none", async () => {
    const rootFile = join(stage.folder, "no-root.jsonl");
    await writeFile(rootFile, "{}\n");
    const found = await problems({ SLIPWAY_REQUEST_LOGS: "", SLIPWAY_KUBERNETES_URL: "", SLIPWAY_SIGSTORE_ROOT_FILE: rootFile });
    expect(found.map(({ check }) => check)).toEqual(["trust root", "cluster", "metrics"]);
    expect(await problems({ SLIPWAY_REQUEST_LOGS: "", SLIPWAY_PROMETHEUS_URL: "http://127.0.0.1:9090" })).toEqual([]);
  });

  it("says which permission an account withdrew and who grants it, and which webhooks failed", async () => {
    await stage.double.ask("PUT", "grants", { account: "acme", permissions: { issues: "read" }, refusal: 404 });
    await stage.app?.kill("SIGTERM");
    await stage.people.lee.comment("acme/models", 1, "Is anybody there?");
    await stage.double.ask("POST", "idle");
    const found = await problems();
    expect(found).toContainEqual({
      check: "permissions",
      kind: "problem",
      message: "acme has not granted issues: write",
      next: "An owner accepts the App's new permissions in the installation's settings.",
    });
    expect(found).toContainEqual(
      expect.objectContaining({ check: "webhooks", message: expect.stringMatching(/\(issue_comment\) with 502$/) }),
    );
    await stage.double.ask("PUT", "grants", { account: "acme", permissions: { issues: "write" }, refusal: 404 });
  });

  it("says that the policy cannot be read, and a lock that was forgotten", async () => {
    const { environments } = stage;
    await environments.write(".slipway/policy.yaml", "kind: Nonsense\n");
    const lock =
      "schema: slipway/lock/v1\nenvironment: production\nmodel: search-ranker\nby: lee\nat: 2026-01-01T00:00:00.000Z\npullRequest: null\n";
    await environments.write(".slipway/locks/production/search-ranker.yaml", lock);
    await environments.push("Break the policy, and forget a lock");
    const found = await problems();
    expect(found.map(({ check }) => check).filter((check) => check !== "webhooks")).toEqual(["policy", "locks"]);
    expect(found.find(({ check }) => check === "locks")?.next).toBe("Ask lee, or: /slipway unlock production --model search-ranker.");
  });
});
