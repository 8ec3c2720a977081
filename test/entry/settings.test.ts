import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readIdentity, readSettings, SettingsError } from "#entry/settings.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-settings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const keyFile = join(folder, "key.pem");
const privateKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
writeFileSync(keyFile, privateKey);
const tokenFile = join(folder, "token");
writeFileSync(tokenFile, "kubernetes-token\n");

const secret = "0123456789abcdef0123456789abcdef";
const least = { SLIPWAY_APP_ID: "7", SLIPWAY_PRIVATE_KEY_FILE: keyFile, SLIPWAY_WEBHOOK_SECRET: secret };

function problem(environment: Readonly<Record<string, string | undefined>>): string {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  throw new Error("these settings can be used");
}

describe("settings", () => {
  test("that are the least that is needed get defaults for github.com", () => {
    expect(readSettings(least)).toEqual({
      githubUrl: "https://api.github.com",
      gitUrl: "https://github.com",
      appId: 7,
      privateKey: privateKey.trim(),
      webhookSecret: secret,
      oidcIssuer: "https://token.actions.githubusercontent.com",
      resyncMilliseconds: 60_000,
      contentSpacing: 3000,
      host: "127.0.0.1",
      port: 3000,
      shutdownMilliseconds: 25_000,
      cache: ".cache/slipway",
      requestLogs: undefined,
      prometheus: undefined,
      kubernetes: undefined,
      identity: { name: "slipway[bot]", email: "slipway[bot]@users.noreply.github.com" },
    });
  });

  test.each([
    ["https://github.acme.example/api/v3", "https://github.acme.example"],
    ["https://github.acme.example/api/v3/", "https://github.acme.example"],
    ["http://127.0.0.1:4000", "http://127.0.0.1:4000"],
  ])("at %s clone from %s", (githubUrl, gitUrl) => {
    expect(readSettings({ ...least, SLIPWAY_GITHUB_URL: githubUrl }).gitUrl).toBe(gitUrl);
  });

  test("that name another place to clone from clone from there", () => {
    expect(readSettings({ ...least, SLIPWAY_GIT_URL: "http://127.0.0.1:5000/" }).gitUrl).toBe("http://127.0.0.1:5000");
  });

  test("left empty are not set, as in a file of KEY= lines", () => {
    expect(readSettings({ ...least, SLIPWAY_PORT: "", SLIPWAY_GITHUB_URL: "" })).toEqual(readSettings(least));
  });

  test("for a cluster hold the token that its file names", () => {
    const set = { ...least, SLIPWAY_KUBERNETES_URL: "http://127.0.0.1:8001", SLIPWAY_KUBERNETES_TOKEN_FILE: tokenFile };
    expect(readSettings(set).kubernetes).toEqual({ server: "http://127.0.0.1:8001", token: "kubernetes-token" });
    expect(readSettings({ ...least, SLIPWAY_KUBECONFIG: "/k" }).kubernetes).toEqual({ kubeconfigFile: "/k" });
  });

  test("for Prometheus have usual names, and credentials out of files", () => {
    const set = { ...least, SLIPWAY_PROMETHEUS_URL: "https://metrics.acme.example/prometheus" };
    expect(readSettings(set).prometheus).toEqual({
      url: "https://metrics.acme.example/prometheus",
      scrapeMilliseconds: 15_000,
      requests: "model_requests_total",
      latency: "model_request_duration_seconds",
      labels: { environment: "environment", model: "model", digest: "digest", status: "code" },
    });
    const token = { ...set, SLIPWAY_PROMETHEUS_TOKEN_FILE: tokenFile, SLIPWAY_PROMETHEUS_LABELS: "model=app,status=response_code" };
    expect(readSettings(token).prometheus).toMatchObject({
      authorization: "Bearer kubernetes-token",
      labels: { environment: "environment", model: "app", digest: "digest", status: "response_code" },
    });
    const user = { ...set, SLIPWAY_PROMETHEUS_USER: "slipway", SLIPWAY_PROMETHEUS_PASSWORD_FILE: tokenFile };
    expect(readSettings(user).prometheus?.authorization).toBe(`Basic ${btoa("slipway:kubernetes-token")}`);
  });

  test("may space comments by nothing, and resync within a second", () => {
    expect(readSettings({ ...least, SLIPWAY_CONTENT_SPACING_MS: "0", SLIPWAY_RESYNC_SECONDS: "0.5" })).toMatchObject({
      contentSpacing: 0,
      resyncMilliseconds: 500,
    });
  });
});

describe("what cannot be used", () => {
  test("is told all at once", () => {
    const message = problem({});
    for (const name of ["SLIPWAY_APP_ID", "SLIPWAY_PRIVATE_KEY_FILE", "SLIPWAY_WEBHOOK_SECRET"]) expect(message).toContain(`  ${name}: `);
    expect(message).toMatch(/^Slipway cannot start\. These settings are missing or wrong:/);
  });

  test.each([
    ["no secret", undefined, /SLIPWAY_WEBHOOK_SECRET: the secret of the App's webhook/],
    ["an empty secret", "", /SLIPWAY_WEBHOOK_SECRET: the secret of the App's webhook/],
    ["Probot's default", "development", /SLIPWAY_WEBHOOK_SECRET/],
    ["a short secret", "0123456789abcde", /SLIPWAY_WEBHOOK_SECRET: at least 16 characters/],
  ])("%s", (_, value, message) => {
    expect(problem({ ...least, SLIPWAY_WEBHOOK_SECRET: value })).toMatch(message);
  });

  test("never prints what was set, since some of it is secret", () => {
    const message = problem({ ...least, SLIPWAY_WEBHOOK_SECRET: "hunter2", SLIPWAY_APP_ID: "s3cr3t" });
    expect(message).not.toMatch(/hunter2|s3cr3t/);
  });

  test.each([
    ["SLIPWAY_APP_ID", "0"],
    ["SLIPWAY_APP_ID", "7.5"],
    ["SLIPWAY_GITHUB_URL", "ftp://github.example"],
    ["SLIPWAY_GITHUB_URL", "github.example"],
    ["SLIPWAY_RESYNC_SECONDS", "0"],
    ["SLIPWAY_RESYNC_SECONDS", "often"],
    ["SLIPWAY_CONTENT_SPACING_MS", "-1"],
    ["SLIPWAY_PORT", "http"],
  ])("%s=%s", (name, value) => {
    expect(problem({ ...least, [name]: value })).toContain(`${name}: `);
  });

  test.each([
    ["a second source of metrics", { SLIPWAY_REQUEST_LOGS: "/logs" }, "SLIPWAY_REQUEST_LOGS is set too"],
    ["a user without a password", { SLIPWAY_PROMETHEUS_USER: "slipway" }, "go together"],
    ["a token in the clear", { SLIPWAY_PROMETHEUS_TOKEN_FILE: "/token" }, "over https only"],
    ["credentials in the URL", { SLIPWAY_PROMETHEUS_URL: "https://a:b@metrics.acme.example" }, "no credentials in the URL"],
    ["a label that is none", { SLIPWAY_PROMETHEUS_LABELS: 'model="x"' }, "SLIPWAY_PROMETHEUS_LABELS: labels are written like"],
    ["one label for two things", { SLIPWAY_PROMETHEUS_LABELS: "model=digest" }, "one label cannot mean two things"],
    ["a histogram without its unit", { SLIPWAY_PROMETHEUS_LATENCY: "latency_bucket" }, "ends with its unit"],
    ["an expression for a metric", { SLIPWAY_PROMETHEUS_REQUESTS: "rate(x[5m])" }, "the name of a counter"],
  ])("%s", (_, set, message) => {
    expect(problem({ ...least, SLIPWAY_PROMETHEUS_URL: "http://prometheus.monitoring:9090", ...set })).toContain(message);
  });

  test("credentials for no Prometheus", () => {
    expect(problem({ ...least, SLIPWAY_PROMETHEUS_TOKEN_FILE: tokenFile })).toContain("SLIPWAY_PROMETHEUS_URL: set it");
  });

  test.each([
    ["SLIPWAY_PRIVATE_KEY_FILE", { SLIPWAY_PRIVATE_KEY_FILE: join(folder, "none.pem") }],
    ["SLIPWAY_KUBERNETES_TOKEN_FILE", { SLIPWAY_KUBERNETES_TOKEN_FILE: join(folder, "none") }],
  ])("a file named by %s that is not there", (name, set) => {
    expect(problem({ ...least, ...set })).toContain(`${name}: the file it names cannot be read`);
  });
});

test("a file that holds no private key is no key's file", () => {
  expect(problem({ ...least, SLIPWAY_PRIVATE_KEY_FILE: tokenFile })).toContain(
    "SLIPWAY_PRIVATE_KEY_FILE: the file it names holds no private key",
  );
});

test("the author of commits is read without the App's settings", () => {
  expect(readIdentity({})).toEqual({ name: "slipway[bot]", email: "slipway[bot]@users.noreply.github.com" });
  expect(readIdentity({ SLIPWAY_AUTHOR_NAME: "ship", SLIPWAY_AUTHOR_EMAIL: "ship@acme.example" })).toEqual({
    name: "ship",
    email: "ship@acme.example",
  });
  expect(() => readIdentity({ SLIPWAY_AUTHOR_EMAIL: "x" })).toThrow(SettingsError);
});
