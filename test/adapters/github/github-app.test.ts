import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { githubApp } from "#adapters/github/github-app.ts";
import { count, environments, type GitHubSandbox, models, startGitHubSandbox } from "./github-sandbox.ts";

const anything = z.unknown();

function otherKey(): string {
  return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs1", format: "pem" }).toString();
}

describe("githubApp", () => {
  let sandbox: GitHubSandbox;
  beforeAll(async () => {
    sandbox = await startGitHubSandbox();
  });
  afterAll(() => sandbox.close());

  /** What GitHub knows of a token. */
  const identityOf = (token: string) => sandbox.double.world.tokens.get(token);

  it("mints a token for one repository with no more than the permissions asked for", async () => {
    const token = await sandbox.github.token(models, { contents: "read" });
    expect(identityOf(token)).toMatchObject({
      kind: "installation",
      permissions: { contents: "read" },
      repositories: new Set([sandbox.repository(models).id]),
    });
  });

  it("keeps a token for the same repository and permissions, and mints another one for other permissions", async () => {
    const { github } = sandbox;
    const [first, again] = await Promise.all([github.token(models, { checks: "write" }), github.token(models, { checks: "write" })]);
    expect(again).toBe(first);
    expect(await github.token(models, { checks: "read" })).not.toBe(first);
    expect(await github.token(environments, { checks: "write" })).not.toBe(first);
  });

  it("mints anew once GitHub no longer takes the token", async () => {
    const client = await sandbox.github.client(models, { contents: "read" });
    const token = await sandbox.github.token(models, { contents: "read" });
    sandbox.double.world.tokens.delete(token);
    await expect(client.get("GET /repos/{owner}/{repo}", {}, anything)).rejects.toThrow("401");
    expect(await sandbox.github.token(models, { contents: "read" })).not.toBe(token);
  });

  it("lists the repositories of every installation with a token that may read nothing but their names", async () => {
    sandbox.calls();
    const repositories = await sandbox.github.repositories();
    expect(repositories.map(({ name }) => name).toSorted()).toEqual([environments, models]);
    expect(count(sandbox.calls(), "apps/list-repos-accessible-to-installation")).toBe(1);
  });

  it("knows who it is", async () => {
    expect(await sandbox.github.self()).toEqual({ appId: sandbox.double.app.id, login: "slipway[bot]" });
  });

  it("says which permission is missing, and who can grant it", async () => {
    expect(await sandbox.github.missing({ checks: "write", members: "read" })).toEqual([]);
    expect(await sandbox.github.missing({ checks: "write", deployments: "write" })).toEqual([
      "The App does not ask for deployments: write; its owner adds it in the App's settings.",
    ]);
    await expect(sandbox.github.token(models, { deployments: "write" })).rejects.toMatchObject({ name: "GitHubRefused", status: 422 });
  });

  it("says that it is not installed, and who installs it", async () => {
    await expect(sandbox.github.token("acme/elsewhere", { contents: "read" })).rejects.toThrow(
      "The App is not installed on acme/elsewhere (GET /repos/{owner}/{repo}/installation). An owner of the repository installs it from the App's page.",
    );
  });

  it("shows no part of a key or token in the message of a failure", async () => {
    const stranger = githubApp({ ...options(), privateKey: otherKey() });
    const error: unknown = await stranger.token(models, { contents: "read" }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "GitHubRefused", status: 401 });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/eyJ|ghs_|PRIVATE KEY/);
  });

  const options = () => ({
    baseUrl: sandbox.double.url,
    appId: sandbox.double.app.id,
    privateKey: sandbox.double.app.privateKey,
    contentSpacing: 0,
  });
});
