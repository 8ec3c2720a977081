import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { archiveBranch } from "#domain/environment/paths.ts";
import { instantOf } from "#domain/model/time.ts";
import { token } from "#test/adapters/git/adapter-setting.ts";
import { archiving, day, unproven } from "#test/support/archiving.ts";
import { type HttpDouble, httpDouble } from "#test/support/http-double.ts";
import { type Ended, runEntry } from "#test/support/run-entry.ts";

/** GitHub's answer about every pull request: closed two years ago. */
function closedLongAgo(): Promise<HttpDouble> {
  const closed = { state: "closed", closed_at: new Date(Date.now() - 700 * day).toISOString(), base: { repo: { id: 1 } } };
  return httpDouble((request, _, response) => {
    if (request.headers.authorization !== "token ghp_reads") response.writeHead(401).end("{}");
    else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(closed));
  });
}

let setting: Awaited<ReturnType<typeof archiving>>;
let github: HttpDouble;
let home: string;
let clone: string;
let environment: Readonly<Record<string, string>>;

beforeEach(async () => {
  setting = await archiving(instantOf(Date.now() - 800 * day));
  github = await closedLongAgo();
  await setting.released(1, async () => unproven);
  home = mkdtempSync(join(tmpdir(), "archive-"));
  clone = join(home, "environments");
  writeFileSync(join(home, "credentials"), `http://x-access-token:${token}@${new URL(setting.host.url).host}\n`, { mode: 0o600 });
  const config = `[user]\n  name = Lee Person\n  email = lee@example.com\n[github]\n  user = lee\n[credential]\n  helper = store --file=${home}/credentials\n`;
  writeFileSync(join(home, ".gitconfig"), config);
  environment = { HOME: home, GIT_CONFIG_NOSYSTEM: "1", SLIPWAY_GITHUB_URL: github.url };
  await promisify(execFile)("git", ["clone", "--quiet", setting.host.url, clone], { env: { ...environment, PATH: process.env["PATH"] } });
});
afterEach(async () => {
  await github.close();
  await setting.close();
  rmSync(home, { recursive: true, force: true });
});

const archive = (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  runEntry("cli", ["archive", ...args], { folder: clone, environment: { ...environment, ...more } });
const withToken = { GITHUB_TOKEN: "ghp_reads" };

describe("slipway archive", () => {
  it("says what it would move, moves it with the person's own credentials, and leaves the checkout as it is", async () => {
    const tips = await setting.host.git("for-each-ref");
    const dry = await archive(["--dry-run", "--json"], withToken);
    expect({ code: dry.code, stderr: dry.stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(dry.stdout)).toMatchObject({
      schema: "slipway/archive/v1",
      dryRun: true,
      archived: null,
      removed: null,
      files: [expect.stringContaining(".slipway/releases/"), expect.stringContaining(".slipway/evidence/")],
      logs: [{ repositoryId: 1, pullRequest: 1 }],
      problems: [],
    });
    expect(await setting.host.git("for-each-ref")).toBe(tips);

    const { code, stdout, stderr } = await archive([], withToken);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("Moved the evidence log of repository 1, pull request 1\n");
    expect(await setting.logs()).toEqual([]);
    const archived = await setting.filesOf(`refs/heads/${archiveBranch}`);
    expect([...archived].filter((path) => path.endsWith("/accepted.json"))).toEqual(["evidence-log/1/1/9001-2/accepted.json"]);
    expect(
      await setting.host.git("log", "-1", "--format=%an|%cn|%(trailers:key=Slipway-Command,valueonly)", `refs/heads/${archiveBranch}`),
    ).toContain("slipway[bot]|Lee Person|archive by lee");
    expect((await promisify(execFile)("git", ["-C", clone, "status", "--porcelain"])).stdout).toBe("");

    expect((await archive([], withToken)).stdout).toBe("Nothing is moved.\n");
  });

  it("moves records without a token, and no log: it says what is missing", async () => {
    const { code, stdout } = await archive([]);
    expect(code).toBe(1);
    expect(stdout).toContain("Moved .slipway/releases/");
    expect(stdout).toContain("The evidence log of acme/models#1 stays: whether its pull request is closed is not known; put a token");
    expect(await setting.logs()).toHaveLength(1);
  });

  it("does not take words", async () => {
    expect(await archive(["everything"])).toMatchObject({ code: 64, stdout: "" });
  });
});
