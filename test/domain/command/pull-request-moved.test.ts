import { describe, expect, it } from "vitest";
import type { PullRequestSituation } from "#domain/command/deploy-request.ts";
import { pullRequestMoved } from "#domain/command/pull-request-moved.ts";
import { deployRequest, sha } from "./deploy-request-builder.ts";

const { pullRequest } = deployRequest();

describe("a pull request, looked at again right before the first write", () => {
  it.each<[string, PullRequestSituation, PullRequestSituation | undefined, string | undefined]>([
    ["is as it was", pullRequest, pullRequest, undefined],
    ["is gone", pullRequest, undefined, "The pull request is gone"],
    ["has another head", pullRequest, { ...pullRequest, head: sha("b") }, "The head moved from aaaaaaaaaaaa to bbbbbbbbbbbb"],
    ["has another base", pullRequest, { ...pullRequest, base: { ref: "next" } }, "The pull request was given another base"],
    ["was closed", pullRequest, { ...pullRequest, state: "closed" }, "The pull request was closed"],
    ["was merged", pullRequest, { ...pullRequest, state: "closed", merged: true }, "The pull request was merged"],
    ["was turned into a draft", pullRequest, { ...pullRequest, draft: true }, "The pull request was turned into a draft"],
    ["was a draft and is ready", { ...pullRequest, draft: true }, pullRequest, undefined],
  ])("%s", (_, before, now, expected) => {
    expect(pullRequestMoved(before, now)).toBe(expected);
  });
});
