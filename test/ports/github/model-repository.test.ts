import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { modelRepository } from "#adapters/github/model-repository.ts";
import { type CommitSha, commitShaSchema } from "#domain/model/names.ts";
import type { ModelRepository } from "#ports/model-repository.ts";
import { type GitHubSandbox, models, startGitHubSandbox } from "#test/adapters/github/github-sandbox.ts";
import { fakeModelRepository } from "#test/support/fakes/model-repository.ts";

interface Subject {
  readonly repository: ModelRepository;
  commit(branch: string, files: Readonly<Record<string, string>>): Promise<CommitSha>;
  /** By `ada`. */
  openPullRequest(branch: string): Promise<number>;
  merge(number: number): Promise<void>;
  close(number: number): Promise<void>;
}

function onFake(): Subject {
  const fake = fakeModelRepository({ files: { "README.md": "acme/models\n" } });
  return {
    repository: fake,
    commit: async (branch, files) => fake.commit(branch, files),
    openPullRequest: async (branch) => fake.openPullRequest({ branch }),
    merge: async (number) => void fake.merge(number),
    close: async (number) => fake.close(number),
  };
}

function onGitHub(sandbox: GitHubSandbox): Subject {
  const pull = (number: number) => `/repos/${models}/pulls/${number}`;
  return {
    repository: modelRepository(sandbox.github, models),
    commit: (branch, files) => sandbox.commit(models, branch, files),
    openPullRequest: (branch) => sandbox.openPullRequest("ada", models, branch),
    merge: async (number) => void (await sandbox.as("lee", "PUT", `${pull(number)}/merge`, {})),
    close: async (number) => void (await sandbox.as("lee", "PATCH", pull(number), { state: "closed" })),
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

describe.each(subjects)("ModelRepository on %s", (_name, make) => {
  const branchName = () => `change/${++names}`;

  it("tells its name, and follows the tip of its default branch", async () => {
    const { repository, commit } = make();
    const head = await commit("main", { [`models/${++names}.yaml`]: "a\n" });
    expect(await repository.about()).toMatchObject({ name: models, defaultBranch: "main", head });
  });

  it("tells who wants to merge what into what, and from where", async () => {
    const { repository, commit, openPullRequest } = make();
    const branch = branchName();
    const head = await commit(branch, { [`models/${branch}.yaml`]: "a\n" });
    const { id, head: base } = await repository.about();
    const number = await openPullRequest(branch);
    const facts = {
      number,
      title: `Change ${branch}`,
      author: "ada",
      state: "open",
      merged: false,
      draft: false,
      head,
      base: { ref: "main", sha: base },
      headRepositoryId: id,
    };
    expect(await repository.pullRequest(number)).toEqual(facts);
    expect(await repository.openPullRequests()).toContainEqual(facts);
  });

  it("sees a head move, and a pull request end", async () => {
    const { repository, commit, openPullRequest, merge, close } = make();
    const [one, other] = [branchName(), branchName()];
    await commit(one, { [`models/${one}.yaml`]: "a\n" });
    await commit(other, { [`models/${other}.yaml`]: "a\n" });
    const [merged, closed] = [await openPullRequest(one), await openPullRequest(other)];
    const head = await commit(one, { [`models/${one}.yaml`]: "b\n" });
    expect(await repository.pullRequest(merged)).toMatchObject({ head });
    await merge(merged);
    await close(closed);
    expect(await repository.pullRequest(merged)).toMatchObject({ state: "closed", merged: true, head });
    expect(await repository.pullRequest(closed)).toMatchObject({ state: "closed", merged: false });
    expect((await repository.openPullRequests()).map(({ number }) => number)).not.toContain(merged);
    const { head: tip } = await repository.about();
    expect(await repository.file(tip, `models/${one}.yaml`)).toBe("b\n");
  });

  it("knows no pull request that was never opened", async () => {
    expect(await make().repository.pullRequest(999_999)).toBeUndefined();
  });

  it("lists what a pull request changes since it left the base, and nothing that the base changed since", async () => {
    const { repository, commit, openPullRequest } = make();
    const branch = branchName();
    const [mine, theirs] = [`models/${branch}.yaml`, `models/base-${++names}.yaml`];
    await commit(branch, { [mine]: "a\n" });
    await commit("main", { [theirs]: "a\n" });
    const number = await openPullRequest(branch);
    expect(await repository.changedFiles(number)).toEqual([mine]);
  });

  it("reads a file at a commit as it was then, and none where there is none", async () => {
    const { repository, commit } = make();
    const branch = branchName();
    const path = `models/${branch}/model ü#1.yaml`;
    const first = await commit(branch, { [path]: "version: 1\n" });
    const second = await commit(branch, { [path]: "version: ü\n" });
    expect(await repository.file(first, path)).toBe("version: 1\n");
    expect(await repository.file(second, path)).toBe("version: ü\n");
    expect(await repository.file(second, "models/none.yaml")).toBeUndefined();
    expect(await repository.file(second, `models/${branch}`)).toBeUndefined();
    expect(await repository.file(commitShaSchema.parse("f".repeat(40)), path)).toBeUndefined();
  });
});
