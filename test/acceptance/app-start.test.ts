import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GitHubDouble, startGitHubDouble } from "#sandbox/github/double.ts";
import { projectFolder } from "#test/support/run-entry.ts";

const app = join(projectFolder, "src/entry/app.ts");

let folder: string;
let github: GitHubDouble;
let settings: Readonly<Record<string, string>>;

/** The App is registered with less than it needs. */
const granted = { checks: "write", contents: "read", pull_requests: "write", members: "read", actions: "write" } as const;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "app-start-"));
  github = await startGitHubDouble({
    data: join(folder, "github"),
    seed: { app: { permissions: granted }, organizations: [{ login: "acme" }] },
  });
  const keyFile = join(folder, "app.pem");
  await writeFile(keyFile, github.app.privateKey, { mode: 0o600 });
  settings = {
    SLIPWAY_GITHUB_URL: github.url,
    SLIPWAY_APP_ID: String(github.app.id),
    SLIPWAY_PRIVATE_KEY_FILE: keyFile,
    SLIPWAY_WEBHOOK_SECRET: github.app.webhookSecret,
    SLIPWAY_OIDC_ISSUER: github.issuer,
    SLIPWAY_PORT: "0",
    SLIPWAY_CACHE: join(folder, "cache"),
  };
});
afterAll(async () => {
  await github?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Refused {
  readonly code: number | null;
  readonly said: string;
}

/** Starts the App with some settings changed; an empty one is not set. */
async function started(changes: Readonly<Record<string, string>>): Promise<Refused> {
  const child = spawn(process.execPath, [app], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"] ?? "", HOME: folder, ...settings, ...changes },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  const patience = setTimeout(() => child.kill("SIGKILL"), 20_000);
  await once(child, "close");
  clearTimeout(patience);
  return { code: child.exitCode, said };
}

function one(problem: string): string {
  return `Slipway cannot start. This setting is missing or wrong:\n  ${problem}\n`;
}

describe.concurrent("the App refuses to start", () => {
  it("without a webhook secret", async () => {
    expect(await started({ SLIPWAY_WEBHOOK_SECRET: "" })).toEqual({
      code: 1,
      said: one("SLIPWAY_WEBHOOK_SECRET: the secret of the App's webhook; make one with `openssl rand -hex 32`"),
    });
  });

  it("with Probot's default webhook secret, which it does not repeat", async () => {
    const { code, said } = await started({ SLIPWAY_WEBHOOK_SECRET: "development" });
    expect(code).toBe(1);
    expect(said).toContain("  SLIPWAY_WEBHOOK_SECRET: a secret that everyone knows is none; make one with `openssl rand -hex 32`\n");
    expect(said).not.toContain("development");
  });

  it("with a short webhook secret, which it does not repeat", async () => {
    const { code, said } = await started({ SLIPWAY_WEBHOOK_SECRET: "hunter2hunter2" });
    expect({ code, said }).toEqual({
      code: 1,
      said: one("SLIPWAY_WEBHOOK_SECRET: at least 16 characters; make one with `openssl rand -hex 32`"),
    });
  });

  it("with several settings wrong, and names them all", async () => {
    const { code, said } = await started({
      SLIPWAY_APP_ID: "slipway",
      SLIPWAY_PRIVATE_KEY_FILE: "",
      SLIPWAY_GITHUB_URL: "ftp://github.example",
      SLIPWAY_RESYNC_SECONDS: "soon",
    });
    expect(code).toBe(1);
    expect(said).toMatch(/^Slipway cannot start\. These settings are missing or wrong:\n/);
    for (const name of ["SLIPWAY_APP_ID", "SLIPWAY_PRIVATE_KEY_FILE", "SLIPWAY_GITHUB_URL", "SLIPWAY_RESYNC_SECONDS"])
      expect(said).toMatch(new RegExp(`^  ${name}: `, "m"));
    expect(said).not.toContain(github.app.webhookSecret);
  });

  it("when the key file is not there", async () => {
    expect(await started({ SLIPWAY_PRIVATE_KEY_FILE: join(folder, "nowhere.pem") })).toEqual({
      code: 1,
      said: one("SLIPWAY_PRIVATE_KEY_FILE: the file it names cannot be read"),
    });
  });

  it("when the file of trust roots holds none, and says how to make it", async () => {
    const file = join(folder, "no-root.jsonl");
    await writeFile(file, '{"keys":[]}\n');
    expect(await started({ SLIPWAY_SIGSTORE_ROOT_FILE: file })).toEqual({
      code: 1,
      said: one(
        "SLIPWAY_SIGSTORE_ROOT_FILE: a trust root names no certificate authority; make one with `gh attestation trusted-root > trusted_root.jsonl`",
      ),
    });
    expect(await started({ SLIPWAY_SIGSTORE_ROOT_FILE: join(folder, "nowhere.jsonl") })).toEqual({
      code: 1,
      said: one("SLIPWAY_SIGSTORE_ROOT_FILE: the file it names cannot be read"),
    });
  });

  it("when the key file holds no key, whose content it does not print", async () => {
    const file = join(folder, "not-a-key.pem");
    await writeFile(file, "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0LWtleS1tYXRlcmlhbA==\n-----END RSA PRIVATE KEY-----\n", {
      mode: 0o600,
    });
    await chmod(file, 0o600);
    const { code, said } = await started({ SLIPWAY_PRIVATE_KEY_FILE: file });
    expect(code).toBe(1);
    expect(said).toBe(
      one("SLIPWAY_PRIVATE_KEY_FILE: the file it names holds no private key in PEM form; download one from the App's settings"),
    );
  });

  it("while GitHub does not grant what it needs, and says which and who can", async () => {
    const { code, said } = await started({});
    expect(code).toBe(1);
    expect(said).toBe(
      "Slipway cannot start. GitHub does not grant what it needs:\n" +
        "  The App does not ask for contents: write; its owner adds it in the App's settings.\n" +
        "  The App does not ask for issues: write; its owner adds it in the App's settings.\n",
    );
  });

  it("while GitHub does not know the App, and says what to look at", async () => {
    const { code, said } = await started({ SLIPWAY_APP_ID: "1" });
    expect(code).toBe(1);
    expect(said).toMatch(
      /^GitHubRefused: GitHub answered 401: Integration not found \(GET \/app\S*\)\. Check the App's id and private key in the settings, and that the App is installed there\.\n$/,
    );
  });
});
