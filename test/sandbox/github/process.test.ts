import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";

const main = fileURLToPath(new URL("../../../sandbox/github/main.ts", import.meta.url));
let folder: string;
let child: ChildProcess;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "double-process-"));
});
afterEach(async () => {
  if (child.exitCode === null) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

async function started(...args: string[]): Promise<string> {
  child = spawn(process.execPath, [main, "--data", join(folder, "data"), "--env", join(folder, "app.env"), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("no output");
  for await (const line of createInterface({ input: child.stdout })) {
    return z.object({ ready: z.literal(true), url: z.string() }).parse(JSON.parse(line)).url;
  }
  throw new Error("ended without a word");
}

test("started as a process it writes its secrets for its owner's eyes only, serves its seed, and stops on SIGTERM", async () => {
  const seed = {
    users: [{ login: "release-captain" }],
    organizations: [{ login: "acme" }],
    repositories: [{ owner: "acme", name: "models" }],
  };
  await writeFile(join(folder, "seed.json"), JSON.stringify(seed));
  await writeFile(join(folder, "app.env"), "an older run's file, open to all\n");
  const url = await started("--seed", join(folder, "seed.json"), "--webhook", "http://127.0.0.1:1/");
  const env = Object.fromEntries(
    (await readFile(join(folder, "app.env"), "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => line.split("=", 2)),
  );
  expect(Object.keys(env)).toEqual([
    "SLIPWAY_GITHUB_URL",
    "SLIPWAY_APP_ID",
    "SLIPWAY_PRIVATE_KEY_FILE",
    "SLIPWAY_WEBHOOK_SECRET",
    "SLIPWAY_OIDC_ISSUER",
    "DOUBLE_TOKEN_release_captain",
  ]);
  for (const file of [join(folder, "app.env"), env.SLIPWAY_PRIVATE_KEY_FILE ?? ""]) expect((await stat(file)).mode & 0o777).toBe(0o600);
  const authorization = `Bearer ${env.DOUBLE_TOKEN_release_captain}`;
  expect(await (await fetch(`${url}/user`, { headers: { authorization } })).json()).toMatchObject({ login: "release-captain" });
  expect(await (await fetch(`${url}/_double/state`)).json()).toMatchObject({ "acme/models": { issues: [] } });

  child.kill("SIGTERM");
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
  await expect(fetch(url)).rejects.toThrow();
});

test("without a data folder it says how it is used", async () => {
  child = spawn(process.execPath, [main], { stdio: ["ignore", "ignore", "pipe"] });
  const [code] = await once(child, "exit");
  expect(code).toBe(64);
});
