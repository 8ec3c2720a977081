import { expect, it } from "vitest";
import { queuedPullRequest } from "#domain/evidence/queued-pull-request.ts";

const base = "0".repeat(40);

it.each([
  [`refs/heads/gh-readonly-queue/main/pr-7-${base}`, 7],
  [`refs/heads/gh-readonly-queue/release/2026/pr-12-${base}`, 12],
  [`refs/heads/gh-readonly-queue/main/pr-7-${base}0`, undefined],
  [`refs/heads/gh-readonly-queue/main/pr-7`, undefined],
  [`refs/heads/main/pr-7-${base}`, undefined],
  [`refs/heads/x/gh-readonly-queue/main/pr-7-${base}`, undefined],
])("the branch %s is the merge group of pull request %s", (ref, number) => {
  expect(queuedPullRequest(ref)).toBe(number);
});
