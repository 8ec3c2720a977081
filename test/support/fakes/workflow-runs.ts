import type { ListedRun } from "#domain/evidence/listed-run.ts";
import type { RunFacts } from "#domain/evidence/run.ts";
import { type Instant, instantOf } from "#domain/model/time.ts";
import type { EvidenceArtifact, WorkflowRuns } from "#ports/workflow-runs.ts";

export interface FakeWorkflowRuns extends WorkflowRuns {
  /** A completed attempt; a later attempt of the same run becomes the current one. */
  complete(facts: RunFacts): void;
  /** The run leaves this as its newest artifact. */
  leave(run: number, artifact: EvidenceArtifact): void;
  /** What GitHub lists of a run from now on. */
  list(run: number, listed: Partial<Pick<ListedRun, "createdAt" | "state" | "calls">>): void;
  /** GitHub repeats no run from now on, in these words; undefined ends it. */
  refuse(message: string | undefined): void;
}

export interface FakeWorkflowRunsOptions {
  readonly now?: () => Instant;
  /** The reusable workflows that every run calls unless it is told otherwise. */
  readonly calls?: readonly string[];
}

export function fakeWorkflowRuns({ now = () => instantOf(0), calls = [] }: FakeWorkflowRunsOptions = {}): FakeWorkflowRuns {
  const attempts = new Map<number, RunFacts[]>();
  const artifacts = new Map<number, EvidenceArtifact>();
  const lists = new Map<number, Partial<Pick<ListedRun, "createdAt" | "state" | "calls">>>();
  let refusal: string | undefined;
  const stateOf = (run: number) => lists.get(run)?.state ?? "completed";
  const current = (run: number) => (attempts.get(run) ?? []).toSorted((a, b) => b.attempt - a.attempt)[0];
  const ofHead = (head: string) =>
    [...attempts.keys()]
      .flatMap((run) => current(run) ?? [])
      .filter(({ headSha }) => headSha === head)
      .toSorted((a, b) => b.id - a.id);
  return {
    ofHead: async (head) => ofHead(head).filter(({ id }) => stateOf(id) === "completed"),
    listed: async (head) =>
      ofHead(head).map(({ id, attempt, event, startedAt }) => ({
        id,
        attempt,
        event,
        createdAt: attempts.get(id)?.toSorted((a, b) => a.attempt - b.attempt)[0]?.startedAt ?? startedAt,
        startedAt,
        state: "completed",
        calls,
        ...lists.get(id),
      })),
    facts: async (run, attempt) => attempts.get(run)?.find((facts) => facts.attempt === attempt),
    evidence: async (run) => artifacts.get(run) ?? { kind: "none" },
    async repeat(run) {
      const last = current(run);
      if (refusal !== undefined) return { kind: "refused", message: refusal };
      if (last === undefined) return { kind: "refused", message: "GitHub answered 404: Not Found" };
      if (stateOf(run) !== "completed") return { kind: "refused", message: "GitHub answered 403: The workflow run is already running" };
      const next: RunFacts = { ...last, attempt: last.attempt + 1, startedAt: now(), updatedAt: now() };
      attempts.set(run, [...(attempts.get(run) ?? []), next]);
      lists.set(run, { ...lists.get(run), state: "under-way" });
      return { kind: "started" };
    },
    complete(facts) {
      const others = (attempts.get(facts.id) ?? []).filter(({ attempt }) => attempt !== facts.attempt);
      attempts.set(facts.id, [...others, facts]);
      lists.set(facts.id, { ...lists.get(facts.id), state: "completed" });
    },
    leave: (run, artifact) => void artifacts.set(run, artifact),
    list: (run, listed) => void lists.set(run, { ...lists.get(run), ...listed }),
    refuse(message) {
      refusal = message;
    },
  };
}
