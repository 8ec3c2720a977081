import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { merges } from "#adapters/github/merges.ts";
import { commitShaSchema } from "#domain/model/names.ts";
import { addMilliseconds, type Instant, instantOf } from "#domain/model/time.ts";
import type { Merges } from "#ports/merges.ts";
import { type GitHubSandbox, models, startGitHubSandbox } from "#test/adapters/github/github-sandbox.ts";
import { fakeMerges } from "#test/support/fakes/merges.ts";

interface Subject {
  readonly merges: Merges;
  /** Lee merges a pull request that adds this file; its number. */
  merge(file: string): Promise<number>;
  /** A pull request that nobody merges. */
  close(file: string): Promise<void>;
  /** The merge queue makes a group for this pull request; its head. */
  queue(number: number): Promise<string>;
  now(): Instant;
}

function onFake(): Subject {
  const fake = fakeMerges();
  let time = 0;
  return {
    merges: fake,
    async merge(file) {
      time += 1000;
      const number = time / 1000;
      const commit = commitShaSchema.parse(number.toString(16).padStart(40, "0"));
      fake.merged({ number, commit, at: instantOf(time), by: "lee", base: "main", changed: [file] });
      return number;
    },
    close: async () => undefined,
    async queue(number) {
      const head = commitShaSchema.parse("e".repeat(40));
      fake.queue({ head, pullRequest: number });
      return head;
    },
    now: () => instantOf(time),
  };
}

let sandbox: GitHubSandbox;
beforeAll(async () => {
  sandbox = await startGitHubSandbox();
});
afterAll(() => sandbox.close());

let branches = 0;
function onGitHub(): Subject {
  const propose = async (file: string) => {
    const branch = `merge-${++branches}`;
    await sandbox.commit(models, branch, { [file]: `${branch}\n` });
    return sandbox.openPullRequest("ada", models, branch);
  };
  return {
    merges: merges(sandbox.github, models),
    async merge(file) {
      const number = await propose(file);
      await sandbox.as("lee", "PUT", `/repos/${models}/pulls/${number}/merge`, {});
      return number;
    },
    async close(file) {
      await sandbox.as("lee", "PATCH", `/repos/${models}/pulls/${await propose(file)}`, { state: "closed" });
    },
    queue: (number) => sandbox.commit(models, `gh-readonly-queue/main/pr-${number}-${"0".repeat(40)}`, { "queued.md": `${number}\n` }),
    now: () => instantOf(Date.now()),
  };
}

const subjects: readonly [string, () => Subject][] = [
  ["the fake", onFake],
  ["GitHub", onGitHub],
];

describe.each(subjects)("Merges on %s", (_name, make) => {
  it("tells what was merged, by whom, into what, and which files it changed, the newest first", async () => {
    const { merges: subject, merge, close, now } = make();
    const before = addMilliseconds(now(), -60_000);
    const first = await merge("models/a/model.yaml");
    await close("models/b/model.yaml");
    const second = await merge("models/c/model.yaml");
    const found = (await subject.since(before)).filter(({ number }) => number === first || number === second);
    expect(found).toMatchObject([
      { number: second, by: "lee", base: "main", changed: ["models/c/model.yaml"] },
      { number: first, by: "lee", base: "main", changed: ["models/a/model.yaml"] },
    ]);
    expect(found[0]?.commit).not.toBe(found[1]?.commit);
    expect(await subject.since(before)).toEqual(await subject.since(before));
    expect(await subject.since(addMilliseconds(now(), 60_000))).toEqual([]);
  });

  it("tells the groups of the merge queue, and takes no other branch for one", async () => {
    const { merges: subject, merge, queue } = make();
    await merge("models/d/model.yaml");
    expect(await subject.queued()).toEqual([]);
    const head = await queue(7);
    expect(await subject.queued()).toEqual([{ head, pullRequest: 7 }]);
  });
});
