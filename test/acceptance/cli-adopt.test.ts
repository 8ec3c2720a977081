import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseState } from "#domain/environment/state.ts";
import { type GitHttp, gitHttp } from "#test/support/git-http.ts";
import { type Ended, runEntry } from "#test/support/run-entry.ts";

const run = promisify(execFile);
const token = "ghp_of-a-person";
const digest = `sha256:${"beef".repeat(16)}`;

const policy = `apiVersion: slipway/v1
kind: Policy
models:
  search-ranker: {repository: acme/models, id: 1}
environments:
  - {name: production, from: pull-request}
`;

let host: GitHttp;
let home: string;
let clone: string;
let environment: Readonly<Record<string, string>>;

beforeEach(async () => {
  host = await gitHttp(token, { ".slipway/policy.yaml": policy });
  home = mkdtempSync(join(tmpdir(), "adopt-"));
  clone = join(home, "environments");
  writeFileSync(join(home, "credentials"), `http://x-access-token:${token}@${new URL(host.url).host}\n`, { mode: 0o600 });
  writeFileSync(
    join(home, ".gitconfig"),
    `[user]\n  name = Lee Person\n  email = lee@example.com\n[github]\n  user = lee\n[credential]\n  helper = store --file=${home}/credentials\n`,
  );
  environment = { HOME: home, GIT_CONFIG_NOSYSTEM: "1" };
  await run("git", ["clone", "--quiet", host.url, clone], { env: { ...environment, PATH: process.env["PATH"] } });
});
afterEach(async () => {
  await host.close();
  rmSync(home, { recursive: true, force: true });
});

const slipway = (...args: readonly string[]): Promise<Ended> => runEntry("cli", args, { folder: clone, environment });

/** What a person commits before adopting, as `slipway manifests` writes it. */
async function baseline(model = "search-ranker"): Promise<Record<string, string>> {
  const { code, stdout, stderr } = await slipway(
    "manifests",
    "production",
    ...named({
      model,
      version: "2026.11.02-1",
      digest,
      artifact: "s3://acme/ranker.json",
      image: `ghcr.io/acme/ranker@sha256:${"1".repeat(64)}`,
      out: ".",
    }),
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return Object.fromEntries(
    stdout
      .trim()
      .split("\n")
      .map((path) => [path, readFileSync(join(clone, path), "utf8")]),
  );
}

function named(options: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
}

describe("slipway adopt", () => {
  it("records what is live as verified, by the exact bytes of its manifests, in one commit of Slipway and the person", async () => {
    const files = await baseline();
    expect(Object.keys(files)).toEqual([
      "environments/production/search-ranker/deployment-beefbeef.yaml",
      "environments/production/search-ranker/http-route.yaml",
    ]);
    const manifests = await host.edit(files);
    const { code, stdout, stderr } = await slipway("adopt", "production");
    const commit = (await host.git("rev-parse", "refs/heads/main")).trim();
    expect({ code, stderr, stdout }).toEqual({
      code: 0,
      stderr: "",
      stdout: `search-ranker: adopted 2026.11.02-1 (beefbeefbeef)\nPushed as ${commit.slice(0, 12)}.\n`,
    });
    expect(await host.git("log", "-1", "--format=%an|%cn|%P|%B", commit)).toBe(
      `slipway[bot]|Lee Person|${manifests}|Adopt search-ranker 2026.11.02-1 in production\n\nSlipway-Command: adopt production by lee\nSlipway-Policy: ${manifests}\n\n`,
    );
    expect((await host.git("show", "--format=", "--name-only", commit)).trim()).toBe(".slipway/state/production/search-ranker.yaml");
    const state = parseState(await host.git("show", `${commit}:.slipway/state/production/search-ranker.yaml`), "state.yaml");
    if (state.kind !== "ok") throw new Error("the state cannot be read");
    expect(state.value).toMatchObject({
      live: { version: "2026.11.02-1", digest },
      release: null,
      verified: [{ version: "2026.11.02-1", digest, release: null }],
    });
    const blobs = await Promise.all(
      Object.keys(files).map(async (path) => [path, (await host.git("rev-parse", `${commit}:${path}`)).trim()]),
    );
    expect(state.value.verified[0]?.files).toEqual(Object.fromEntries(blobs));
  });

  it("does nothing a second time", async () => {
    await host.edit(await baseline());
    await slipway("adopt", "production");
    const before = await host.git("rev-parse", "refs/heads/main");
    const { code, stdout } = await slipway("adopt", "production");
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "search-ranker: nothing to do, 2026.11.02-1 (beefbeefbeef) is live already\nNothing was written.\n",
    });
    expect(await host.git("rev-parse", "refs/heads/main")).toBe(before);
  });

  it("says of each model why it cannot be adopted, adopts the others, and ends with 1", async () => {
    const good = await baseline();
    const route = good["environments/production/search-ranker/http-route.yaml"] ?? "";
    const stranger = await baseline("stranger");
    await host.edit({ ...good, ...stranger });
    const first = await slipway("adopt", "production", "--json");
    expect(first.code).toBe(1);
    expect(JSON.parse(first.stdout)).toMatchObject({
      schema: "slipway/adoption/v1",
      models: [
        { model: "search-ranker", outcome: "adopted", digest },
        { model: "stranger", outcome: "refused", reason: "the policy names no model stranger: add it to .slipway/policy.yaml first" },
      ],
    });
    expect(route).toContain("search-ranker-beefbeef");
  });

  it("repeats what the host says when it refuses the push", async () => {
    await host.edit(await baseline());
    host.protect("main");
    const { code, stdout } = await slipway("adopt", "production");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Nothing is adopted in production: the push was refused: /);
  });

  it.each([
    [["adopt"], "slipway: the environment is missing\n"],
    [["adopt", "Production!"], expect.stringContaining('slipway: the environment "Production!": an environment name has')],
    [["adopt", "production", "--version", "7"], "slipway: --version and --digest are given together, or not at all\n"],
    [
      ["adopt", "production", "--version", "7", "--digest", digest],
      "slipway: --version and --digest are of one model: name it with --model\n",
    ],
  ])("answers %j with what is missing", async (args, stderr) => {
    expect(await slipway(...args)).toEqual({ code: 64, stdout: "", stderr });
  });
});
