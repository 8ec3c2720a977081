import { describe, expect, test } from "vitest";
import { GitHubRateLimited, GitHubUnavailable } from "#adapters/github/github-unavailable.ts";
import { patienceAfter } from "#entry/patience.ts";

const failure = { what: "GitHub limits our rate", where: "GET /", next: "" };

describe("the patience that a failure asks for", () => {
  test.each([
    ["as long as GitHub says", new GitHubRateLimited(failure, 60_000), 60_000],
    ["a second at least", new GitHubRateLimited(failure, 0), 1000],
    ["an hour at most", new GitHubRateLimited(failure, 86_400_000), 3_600_000],
    [
      "the longest of several",
      new AggregateError([
        new GitHubRateLimited(failure, 2000),
        new Error("x"),
        new AggregateError([new GitHubRateLimited(failure, 5000)]),
      ]),
      5000,
    ],
    ["none when GitHub only failed", new GitHubUnavailable(failure), undefined],
    ["none when something else did", new Error("ours"), undefined],
  ])("is %s", (_, error, milliseconds) => {
    expect(patienceAfter(error)).toBe(milliseconds);
  });
});
