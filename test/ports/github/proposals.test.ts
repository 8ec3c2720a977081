import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proposals } from "#adapters/github/proposals.ts";
import type { CommitSha } from "#domain/model/names.ts";
import { commitShaSchema } from "#domain/model/names.ts";
import type { Proposals } from "#ports/proposals.ts";
import { branchTip } from "#sandbox/github/git.ts";
import { environments, type GitHubSandbox, startGitHubSandbox } from "#test/adapters/github/github-sandbox.ts";
import { fakeProposals } from "#test/support/fakes/proposals.ts";

interface Subject {
  readonly proposals: Proposals;
  /** Pushes a commit to a branch. */
  push(branch: string): Promise<CommitSha>;
  /** A person closes it. */
  close(number: number): Promise<void>;
  /** Whether the branch's commit is on the default branch. */
  merged(head: CommitSha): Promise<boolean>;
}

function onFake(): Subject {
  const branches = new Map<string, CommitSha>();
  const onMain = new Set<CommitSha>();
  const fake = fakeProposals({ headOf: (branch) => branches.get(branch), merged: (_branch, head) => void onMain.add(head) });
  let commits = 0;
  return {
    proposals: fake,
    async push(branch) {
      const sha = commitShaSchema.parse((++commits).toString(16).padStart(40, "0"));
      branches.set(branch, sha);
      return sha;
    },
    close: async (number) => fake.close(number),
    merged: async (head) => onMain.has(head),
  };
}

let commits = 0;
function onGitHub(sandbox: GitHubSandbox): Subject {
  return {
    proposals: proposals(sandbox.github, { repository: environments, base: "main" }),
    push: (branch) => sandbox.commit(environments, branch, { [`${branch.replaceAll("/", "-")}-${++commits}.yaml`]: "text\n" }),
    close: async (number) => void (await sandbox.as("lee", "PATCH", `/repos/${environments}/pulls/${number}`, { state: "closed" })),
    async merged(head) {
      const { folder } = sandbox.repository(environments);
      const { git } = await import("#sandbox/github/git.ts");
      const tip = await branchTip(folder, "main");
      return (await git(folder, ["rev-list", tip ?? "main"])).split("\n").includes(head);
    },
  };
}

let sandbox: GitHubSandbox;
beforeAll(async () => {
  sandbox = await startGitHubSandbox();
});
afterAll(() => sandbox.close());

let names = 0;
const subjects: readonly [string, () => Subject][] = [
  ["the fake", onFake],
  ["GitHub", () => onGitHub(sandbox)],
];

describe.each(subjects)("Proposals on %s", (_name, make) => {
  const branchName = () => `slipway/rollback/r-${++names}`;
  const text = { title: "Roll back", body: "Because of a breach." };

  it("knows no pull request of a branch that never had one", async () => {
    expect(await make().proposals.find(branchName())).toBeUndefined();
  });

  it("opens one pull request a branch, however often it is asked to", async () => {
    const { proposals, push } = make();
    const branch = branchName();
    const head = await push(branch);
    const opened = await proposals.open({ branch, ...text });
    expect(opened).toMatchObject({ head, state: "open" });
    expect(await proposals.open({ branch, ...text })).toEqual(opened);
    expect(await proposals.find(branch)).toEqual(opened);
  });

  it("does not open again what a person closed", async () => {
    const { proposals, push, close } = make();
    const branch = branchName();
    await push(branch);
    const { number } = await proposals.open({ branch, ...text });
    await close(number);
    expect(await proposals.open({ branch, ...text })).toMatchObject({ number, state: "closed" });
    expect(await proposals.merge(number, (await proposals.find(branch))?.head ?? zero)).toMatchObject({ kind: "blocked" });
  });

  it("merges the head that was named, and says the same when it is merged already", async () => {
    const { proposals, push, merged } = make();
    const branch = branchName();
    const head = await push(branch);
    const { number } = await proposals.open({ branch, ...text });
    expect(await proposals.merge(number, head)).toEqual({ kind: "merged" });
    expect(await merged(head)).toBe(true);
    expect(await proposals.merge(number, head)).toEqual({ kind: "merged" });
    expect(await proposals.find(branch)).toMatchObject({ number, state: "merged", head });
  });

  it("does not merge a head that has moved, and says so", async () => {
    const { proposals, push, merged } = make();
    const branch = branchName();
    const judged = await push(branch);
    const { number } = await proposals.open({ branch, ...text });
    const moved = await push(branch);
    const outcome = await proposals.merge(number, judged);
    expect(outcome).toMatchObject({ kind: "blocked", reason: expect.stringMatching(/head/i) });
    expect(await merged(moved)).toBe(false);
  });
});

const zero = commitShaSchema.parse("0".repeat(40));
