import { describe, expect, it } from "vitest";
import { conversation } from "#adapters/github/conversation.ts";
import { GitHubRefused } from "#adapters/github/github-unavailable.ts";
import { installationTokens } from "#adapters/github/installation-tokens.ts";
import { modelRepository } from "#adapters/github/model-repository.ts";
import { people } from "#adapters/github/people.ts";
import { proposals } from "#adapters/github/proposals.ts";
import { reports } from "#adapters/github/reports.ts";
import { commitShaSchema } from "#domain/model/names.ts";
import { instantOf } from "#domain/model/time.ts";
import { cannedAccess } from "./canned-access.ts";

const acme = "acme/models";
const sha = commitShaSchema.parse("a".repeat(40));

describe("changedFiles", () => {
  const files = Array.from({ length: 3000 }, (_, index) => ({ filename: `f${index}` }));
  const access = (changed_files: number) =>
    cannedAccess({
      "GET /repos/{owner}/{repo}/pulls/{pull_number}/files": files,
      "GET /repos/{owner}/{repo}/pulls/{pull_number}": { changed_files },
    });

  it("gives as many as GitHub lists, and refuses one more: a model could be among those left out", async () => {
    expect(await modelRepository(access(3000), acme).changedFiles(7)).toHaveLength(3000);
    await expect(modelRepository(access(3001), acme).changedFiles(7)).rejects.toThrow(
      "Pull request #7 changes 3001 files, and GitHub lists 3000",
    );
  });

  it("counts a rename as both paths, each once", async () => {
    const renamed = [{ filename: "b", previous_filename: "a" }, { filename: "c" }, { filename: "a" }];
    const github = cannedAccess({ "GET /repos/{owner}/{repo}/pulls/{pull_number}/files": renamed });
    expect(await modelRepository(github, acme).changedFiles(7)).toEqual(["a", "b", "c"]);
  });
});

describe("people", () => {
  const standing = (answer: unknown) =>
    people(cannedAccess({ "GET /repos/{owner}/{repo}/collaborators/{username}/permission": answer }), acme).standing("ada", []);

  it.each([
    ["the role when GitHub names one", { permission: "write", role_name: "maintain" }, "maintain"],
    ["what a custom role is based on", { permission: "write", role_name: "release-captain" }, "write"],
    ["the permission of a host that names no role", { permission: "admin" }, "admin"],
    ["nothing for none", { permission: "none", role_name: "none" }, "none"],
    ["nothing for what it does not know", { permission: "owner", role_name: "owner" }, "none"],
  ])("have %s", async (_what, answer, permission) => {
    expect(await standing(answer)).toMatchObject({ permission });
  });

  it("in teams cannot be found out without the permission, so it throws", async () => {
    const github = cannedAccess({ "GET /repos/{owner}/{repo}/collaborators/{username}/permission": { permission: "admin" } });
    await expect(people(github, acme).standing("ada", ["ranking"])).rejects.toThrow("403");
  });

  it("who were only invited to a team are not in it", async () => {
    const github = cannedAccess({
      "GET /repos/{owner}/{repo}/collaborators/{username}/permission": { permission: "read" },
      "GET /orgs/{org}/teams/{team_slug}/memberships/{username}": { state: "pending" },
    });
    expect(await people(github, acme).standing("ada", ["ranking"])).toEqual({ permission: "read", teams: [] });
  });
});

describe("a reaction", () => {
  it("that cannot be placed is logged and nothing else", async () => {
    const logged: unknown[] = [];
    const log = { info: () => undefined, warn: (event: string, facts: unknown) => void logged.push([event, facts]) };
    const at = instantOf(0);
    const comment = { id: 5, pullRequest: 7, author: "ada", byBot: false, body: "", createdAt: at, updatedAt: at };
    await conversation(cannedAccess({}), acme, log).react(comment, "eyes");
    expect(logged).toEqual([["reaction not placed", expect.objectContaining({ comment: 5, why: expect.stringContaining("403") })]]);
  });
});

describe("a report", () => {
  it("on a host that does not tell the App of a comment is found by our bot user", async () => {
    const body = "<!-- slipway:report -->\nsame";
    const comment = { id: 1, body, html_url: "", issue_url: "", created_at: "", updated_at: "" };
    const list = "GET /repos/{owner}/{repo}/issues/{issue_number}/comments";
    const ours = { ...comment, user: { login: "slipway[bot]", type: "Bot" } };
    await expect(reports(cannedAccess({ [list]: [ours] }), acme).comment(7, "same")).resolves.toBeUndefined();
    // Another App's bot of the same words is not ours: a create is tried, which this GitHub refuses.
    const theirs = { ...ours, performed_via_github_app: { id: 2 } };
    await expect(reports(cannedAccess({ [list]: [theirs] }), acme).comment(7, "same")).rejects.toThrow("POST");
  });
});

describe("a merge", () => {
  it("that branch protection forbids is blocked, in GitHub's words", async () => {
    const pull = {
      number: 3,
      title: "",
      state: "open",
      merged_at: null,
      user: null,
      head: { sha, repo: null },
      base: { ref: "main", sha },
    };
    const github = cannedAccess({ "GET /repos/{owner}/{repo}/pulls/{pull_number}": pull });
    expect(await proposals(github, { repository: acme, base: "main" }).merge(3, sha)).toEqual({
      kind: "blocked",
      reason: "GitHub answered 403: Resource not accessible by integration",
    });
  });
});

describe("installationTokens", () => {
  function tokensAt(clock: { now: number }) {
    const minted: unknown[] = [];
    const gone = new Set<number>();
    let installation = 1;
    const tokens = installationTokens({
      now: () => clock.now,
      installationOf: async (_repository, anew) => (anew === undefined ? installation : ++installation),
      async mint(id, body) {
        if (gone.has(id)) throw new GitHubRefused({ what: "GitHub answered 404", where: "POST", status: 404, next: "" });
        minted.push({ id, ...body });
        return { token: `token ${minted.length}`, expires_at: new Date(clock.now + 3_600_000).toISOString() };
      },
    });
    return { tokens, minted, gone };
  }

  it("are kept until five minutes before they expire", async () => {
    const clock = { now: 0 };
    const { tokens } = tokensAt(clock);
    expect(await tokens.token(acme, { contents: "read" })).toBe("token 1");
    clock.now = 55 * 60_000 - 1;
    expect(await tokens.token(acme, { contents: "read" })).toBe("token 1");
    clock.now = 55 * 60_000;
    expect(await tokens.token(acme, { contents: "read" })).toBe("token 2");
  });

  it("do not mind in which order permissions are named", async () => {
    const { tokens } = tokensAt({ now: 0 });
    const token = await tokens.token(acme, { contents: "read", issues: "write" });
    expect(await tokens.token(acme, { issues: "write", contents: "read" })).toBe(token);
  });

  it("come from the new installation when the App was removed and installed again", async () => {
    const { tokens, minted, gone } = tokensAt({ now: 0 });
    gone.add(1);
    expect(await tokens.token(acme, { contents: "read" })).toBe("token 1");
    expect(minted).toEqual([{ id: 2, repositories: ["models"], permissions: { contents: "read" } }]);
  });

  it("are asked for again after a mint that failed", async () => {
    const { tokens, gone } = tokensAt({ now: 0 });
    for (const id of [1, 2]) gone.add(id);
    await expect(tokens.token(acme, { contents: "read" })).rejects.toThrow("404");
    gone.clear();
    expect(await tokens.token(acme, { contents: "read" })).toBe("token 1");
  });
});
