import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closedPullRequests } from "#adapters/github/closed-pull-requests.ts";
import { tokenAccess } from "#adapters/github/token-access.ts";
import { repositoryNameSchema } from "#domain/model/names.ts";
import { type GitHubSandbox, models, startGitHubSandbox } from "#test/adapters/github/github-sandbox.ts";

let sandbox: GitHubSandbox;
let open: number;
let closed: number;
beforeAll(async () => {
  sandbox = await startGitHubSandbox();
  for (const branch of ["one", "two"]) await sandbox.commit(models, branch, { "a.txt": branch });
  open = await sandbox.openPullRequest("ada", models, "one");
  closed = await sandbox.openPullRequest("ada", models, "two");
  await sandbox.as("ada", "PATCH", `/repos/${models}/pulls/${closed}`, { state: "closed" });
});
afterAll(() => sandbox.close());

const name = repositoryNameSchema.parse(models);
const asked = (number: number, id = sandbox.repository(models).id, token = sandbox.double.tokens["ada"] ?? "") =>
  closedPullRequests((repository) => tokenAccess({ baseUrl: sandbox.double.url, repository, token, login: "ada" })).end(
    { id, name },
    number,
  );

describe("how a pull request ended", () => {
  it("is when it was closed, by a person's own token", async () => {
    expect(await asked(closed)).toEqual({ kind: "closed", at: expect.stringMatching(/^\d{4}-/) });
    expect(await asked(open)).toEqual({ kind: "open" });
  });

  it("is unknown of a pull request that is not there, of another repository of that name, and by a token that does not count", async () => {
    expect(await asked(4711)).toEqual({ kind: "unknown", reason: "GitHub shows no acme/models#4711 to this token" });
    expect(await asked(closed, 4711)).toEqual({
      kind: "unknown",
      reason: "acme/models is another repository now than the one with the number 4711",
    });
    expect(await asked(closed, undefined, "worthless")).toMatchObject({ kind: "unknown" });
  });
});
