import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { workflowRuns } from "#adapters/github/workflow-runs.ts";
import { type RunFacts, runFactsSchema } from "#domain/evidence/run.ts";
import type { CommitSha } from "#domain/model/names.ts";
import { commitShaSchema } from "#domain/model/names.ts";
import { instantOf } from "#domain/model/time.ts";
import type { WorkflowRuns } from "#ports/workflow-runs.ts";
import { type GitHubSandbox, models, startGitHubSandbox } from "#test/adapters/github/github-sandbox.ts";
import { completeRun, leaveArtifact, recordRun, rerun } from "#test/adapters/github/sandbox-runs.ts";
import { zip } from "#test/adapters/github/zip.ts";
import { fakeWorkflowRuns } from "#test/support/fakes/workflow-runs.ts";

const called = "acme/slipway/.github/workflows/evaluate.yml";

interface Subject {
  readonly runs: WorkflowRuns;
  head(): Promise<CommitSha>;
  /** Runs the workflow for a head to its end, and leaves this evidence; the run's id. */
  run(head: CommitSha, evidence?: string): Promise<number>;
  again(run: number, evidence: string): Promise<void>;
  /** Ends the attempt that is under way. */
  end(run: number, attempt: number): Promise<void>;
}

function onFake(): Subject {
  const fake = fakeWorkflowRuns({ calls: [called] });
  const known = new Map<number, RunFacts>();
  let heads = 0;
  const leave = (run: number, evidence: string) =>
    fake.leave(run, { kind: "found", files: { evidence: new TextEncoder().encode(evidence), reports: new Map() } });
  return {
    runs: fake,
    head: async () => commitShaSchema.parse((++heads).toString(16).padStart(40, "0")),
    async run(head, evidence) {
      const id = known.size + 1;
      const at = instantOf(id * 1000);
      const facts = runFactsSchema.parse({
        id,
        attempt: 1,
        event: "pull_request",
        headSha: head,
        path: ".github/workflows/evidence.yml",
        startedAt: at,
        updatedAt: at,
      });
      known.set(id, facts);
      fake.complete(facts);
      if (evidence !== undefined) leave(id, evidence);
      return id;
    },
    async again(run, evidence) {
      const facts = known.get(run);
      if (facts === undefined) throw new Error(`no run ${run}`);
      const next = { ...facts, attempt: facts.attempt + 1 };
      known.set(run, next);
      fake.complete(next);
      leave(run, evidence);
    },
    async end(run, attempt) {
      const facts = await fake.facts(run, attempt);
      if (facts !== undefined) fake.complete(facts);
    },
  };
}

let branches = 0;
function onGitHub(sandbox: GitHubSandbox): Subject {
  const archive = (evidence: string) => zip([{ name: "evidence.json", content: evidence }]);
  const pulls = new Map<CommitSha, number>();
  return {
    runs: workflowRuns(sandbox.github, models),
    async head() {
      const branch = `run-${++branches}`;
      const head = await sandbox.commit(models, branch, { "model.yaml": `${branch}\n` });
      pulls.set(head, await sandbox.openPullRequest("ada", models, branch));
      return head;
    },
    async run(head, evidence) {
      const run = await recordRun(sandbox, pulls.get(head) ?? 0, called);
      if (evidence !== undefined) leaveArtifact(sandbox, run, archive(evidence));
      await completeRun(sandbox, run);
      return run.id;
    },
    async again(id, evidence) {
      const run = await rerun(sandbox, id);
      leaveArtifact(sandbox, run, archive(evidence));
      await completeRun(sandbox, run);
    },
    async end(id) {
      const run = sandbox.repository(models).runs.find((candidate) => candidate.id === id);
      if (run !== undefined) await completeRun(sandbox, run);
    },
  };
}

let sandbox: GitHubSandbox;
beforeAll(async () => {
  sandbox = await startGitHubSandbox();
});
afterAll(() => sandbox.close());

const subjects: readonly [string, () => Subject][] = [
  ["the fake", onFake],
  ["GitHub", () => onGitHub(sandbox)],
];

describe.each(subjects)("WorkflowRuns on %s", (_name, make) => {
  const textOf = (found: Awaited<ReturnType<WorkflowRuns["evidence"]>>) =>
    found.kind === "found" ? new TextDecoder().decode(found.files.evidence) : found.kind;

  it("lists the runs of a head, newest first, and no other's", async () => {
    const { runs, head, run } = make();
    const [mine, other] = [await head(), await head()];
    const ids = [await run(mine), await run(mine)];
    await run(other);
    const listed = await runs.ofHead(mine);
    expect(listed.map(({ id }) => id)).toEqual(ids.toReversed());
    expect(listed[0]).toMatchObject({ attempt: 1, event: "pull_request", headSha: mine, path: ".github/workflows/evidence.yml" });
  });

  it("tells the facts of one attempt, and of none that never was", async () => {
    const { runs, head, run, again } = make();
    const mine = await head();
    const id = await run(mine, "first");
    await again(id, "second");
    expect(await runs.facts(id, 1)).toMatchObject({ id, attempt: 1, headSha: mine });
    expect(await runs.facts(id, 2)).toMatchObject({ id, attempt: 2 });
    expect(await runs.facts(id, 3)).toBeUndefined();
    expect(await runs.facts(999_999, 1)).toBeUndefined();
    expect(await runs.ofHead(mine)).toMatchObject([{ id, attempt: 2 }]);
  });

  it("gives the evidence of the newest attempt, and says when there is none", async () => {
    const { runs, head, run, again } = make();
    const mine = await head();
    const id = await run(mine, "first");
    expect(textOf(await runs.evidence(id))).toBe("first");
    await again(id, "second");
    expect(textOf(await runs.evidence(id))).toBe("second");
    expect(await runs.evidence(await run(mine))).toEqual({ kind: "none" });
    expect(await runs.evidence(999_999)).toEqual({ kind: "none" });
  });

  it("lists what is under way too, and which reusable workflows are called", async () => {
    const { runs, head, run } = make();
    const mine = await head();
    const id = await run(mine);
    expect(await runs.listed(mine)).toMatchObject([{ id, attempt: 1, event: "pull_request", state: "completed", calls: [called] }]);
    expect(await runs.repeat(id)).toEqual({ kind: "started" });
    expect(await runs.listed(mine)).toMatchObject([{ id, attempt: 2, state: "under-way", calls: [called] }]);
    expect(await runs.ofHead(mine)).toEqual([]);
    expect(await runs.listed(await head())).toEqual([]);
  });

  it("repeats a run that is over, and none that is under way or never was", async () => {
    const { runs, head, run, end } = make();
    const mine = await head();
    const id = await run(mine);
    expect(await runs.repeat(id)).toEqual({ kind: "started" });
    expect(await runs.repeat(id)).toEqual({ kind: "refused", message: "GitHub answered 403: The workflow run is already running" });
    await end(id, 2);
    expect(await runs.repeat(id)).toEqual({ kind: "started" });
    expect(await runs.listed(mine)).toMatchObject([{ id, attempt: 3, state: "under-way" }]);
    expect(await runs.repeat(999_999)).toEqual({ kind: "refused", message: "GitHub answered 404: Not Found" });
  });
});
