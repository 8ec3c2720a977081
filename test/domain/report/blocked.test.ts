import { expect, test } from "vitest";
import { GitHubRefused, GitHubUnavailable } from "#adapters/github/github-unavailable.ts";
import { blockedBy } from "#domain/report/blocked.ts";

const failure = { what: "GitHub answered 404: Not Found", where: "GET /repos/acme/models", next: "" };

test("a refusal for want of a permission is told by the permission, and by who grants it", () => {
  expect(blockedBy(new GitHubRefused({ ...failure, needs: "checks: write on acme/models" }))).toEqual({
    title: "Blocked: needs checks: write on acme/models",
    summary:
      "Slipway is blocked: it needs `checks: write on acme/models`. An owner grants it in the App's installation settings; the next resync goes on by itself.",
  });
});

test.each([
  ["another refusal", new GitHubRefused(failure)],
  ["an outage", new GitHubUnavailable(failure)],
  ["no error at all", undefined],
  ["a name that is no repository's", { needs: "checks: write on `<img src=x>`" }],
])("%s is not one", (_, error) => {
  expect(blockedBy(error)).toBeUndefined();
});
