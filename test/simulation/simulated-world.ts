import type { Change } from "#domain/environment/change.ts";
import { printHold } from "#domain/environment/hold.ts";
import { freezesFolder, holdPath, manifestsFolder, policyPath, statePath } from "#domain/environment/paths.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import { routeFile } from "#domain/manifest/manifest-names.ts";
import { type CommitSha, type EnvironmentName, loginSchema } from "#domain/model/names.ts";
import { addMilliseconds, type Instant } from "#domain/model/time.ts";
import { printFreezeFile } from "#domain/policy/freeze-file.ts";
import { definitionPath } from "#domain/report/changed-models.ts";
import type { Exposure } from "#domain/rollout/exposure.ts";
import type { Click } from "#flows/answer-click.ts";
import type { EvidenceLog } from "#ports/evidence-log.ts";
import { start } from "#test/support/builders.ts";
import { fakeClock } from "#test/support/fakes/clock.ts";
import { fakeEnvironmentsRepository, fakeSlipway } from "#test/support/fakes/environments-repository.ts";
import { fakeEvidenceLog } from "#test/support/fakes/evidence-log.ts";
import { fakeMerges } from "#test/support/fakes/merges.ts";
import { fakeMetrics, type Service } from "#test/support/fakes/metrics.ts";
import { fakeModelRepository } from "#test/support/fakes/model-repository.ts";
import { fakePeople } from "#test/support/fakes/people.ts";
import { fakeProvenance } from "#test/support/fakes/provenance.ts";
import { fakeWorkflowRuns } from "#test/support/fakes/workflow-runs.ts";
import { dataset, liveVersion, ranker, trustedWorkflow } from "#test/support/world-texts.ts";
import { servedBackends } from "./served-backends.ts";
import { simulatedGitHub } from "./simulated-github.ts";
import {
  candidates,
  definitionText,
  environmentsOf,
  everyVersion,
  firstFiles,
  firstStates,
  olderVersion,
  policiesOf,
  servedIn,
  type WrittenPolicy,
} from "./simulated-texts.ts";
import type { ClusterMode, ReplicaNumber, Setting } from "./step.ts";
import { Tally } from "./tally.ts";

/** Something that changed the world, as it happened. */
export type Event =
  | {
      /** A commit on the default branch of the environments repository. */
      readonly kind: "commit";
      /** Who pushed or merged it. */
      readonly by: ReplicaNumber | "people";
      /** The clock of who pushed it. */
      readonly now: Instant;
      readonly before: EnvironmentsSnapshot;
      readonly after: EnvironmentsSnapshot;
      /** What Slipway pushed; undefined for people's commits and for merges. */
      readonly change: Change | undefined;
      /** The merged branch. */
      readonly merged: string | undefined;
      /** What the cluster had shown whoever pushed last. */
      readonly seen: ReadonlyMap<EnvironmentName, Exposure>;
    }
  | { readonly kind: "branch"; readonly name: string; readonly base: EnvironmentsSnapshot; readonly files: EnvironmentsSnapshot["entries"] }
  | { readonly kind: "created"; readonly what: "issue" | "proposal"; readonly text: string; readonly environments: EnvironmentsSnapshot }
  /** A task of a replica ended in an error that nobody caused. */
  | { readonly kind: "failure"; readonly task: string; readonly error: string };

/** A webhook on its way. */
export type Hint =
  | { readonly about: "pull"; readonly number: number }
  | { readonly about: "closed" }
  | { readonly about: "comment"; readonly id: number }
  | { readonly about: "run"; readonly id: number; readonly attempt: number }
  | { readonly about: "queued" }
  | { readonly about: "click"; readonly click: Click }
  | { readonly about: "push to models" }
  | { readonly about: "push to environments"; readonly changed: readonly string[] };

export type SimulatedWorld = ReturnType<typeof simulatedWorld>;

/** Everything around the App: two repositories, GitHub, a cluster, requests, people, one clock. */
export function simulatedWorld(setting: Setting) {
  const clock = fakeClock(start);
  const names = environmentsOf(setting);
  const environments = fakeEnvironmentsRepository(firstFiles(setting), clock.now);
  // Git holds the files of everything that was ever served.
  for (const name of names) {
    environments.edit(servedIn(name, olderVersion));
    environments.edit({
      ...Object.fromEntries(Object.keys(servedIn(name, olderVersion)).map((path) => [path, null])),
      ...servedIn(name, liveVersion),
    });
  }
  environments.edit(firstStates(setting), fakeSlipway, "Adopt what is live\n\nSlipway-Command: adopt production by petra\n");
  const repository = fakeModelRepository({ files: { [dataset.path]: dataset.text, [definitionPath(ranker)]: definitionText() } });
  repository.commit("develop", {});
  const metrics = fakeMetrics();
  metrics.serve(liveVersion.digest, { perSecond: 100, goodShare: 1 });

  const events: Event[] = [];
  const seen = {
    0: new Map<EnvironmentName, Exposure>(),
    1: new Map<EnvironmentName, Exposure>(),
    people: new Map<EnvironmentName, Exposure>(),
  };
  const hints: Hint[] = [];
  const tally = new Tally();
  /** Who moves the default branch of the environments repository now, without a commit of its own. */
  let merging: ReplicaNumber | "people" = "people";
  let mode: ClusterMode = "follows";
  let lagging: EnvironmentsSnapshot = environments.current();

  const commits = <Result>(
    by: ReplicaNumber | "people",
    now: Instant,
    run: () => Result,
    more: { readonly change?: Change; readonly merged?: string } = {},
  ): Result => {
    const before = environments.current();
    const result = run();
    const after = environments.current();
    if (after.head === before.head) return result;
    events.push({ kind: "commit", by, now, before, after, change: more.change, merged: more.merged, seen: new Map(seen[by]) });
    const paths = new Set([...before.entries.keys(), ...after.entries.keys()]);
    const changed = [...paths].filter((path) => before.entries.get(path) !== after.entries.get(path));
    hints.push({ about: "push to environments", changed });
    return result;
  };
  const github = simulatedGitHub({
    now: clock.now,
    tipOf: (branch) => environments.tip(branch),
    merge(branch) {
      if (environments.conflicts(branch)) return false;
      commits(merging, clock.now(), () => environments.merge(branch, merging === "people" ? undefined : fakeSlipway), { merged: branch });
      return true;
    },
    created: (what, text) => events.push({ kind: "created", what, text, environments: environments.current() }),
  });

  /** A person pushes to the environments repository. */
  const edit = (files: Readonly<Record<string, string | null>>): void =>
    void commits("people", clock.now(), () => environments.edit(files));
  const environmentAt = (index: number): EnvironmentName => names[index % names.length] ?? names[0] ?? fail("there is an environment");

  const exposed = (environment: EnvironmentName): Exposure => {
    if (mode === "hidden") return { kind: "unknown", reason: "503" };
    const snapshot = mode === "lags" ? lagging : environments.current();
    const backends = servedBackends(environments, snapshot, environment).flatMap(({ digest, weight }) =>
      digest === undefined ? [] : [{ digest, weight, ready: 1, wanted: 1 }],
    );
    return { kind: "seen", accepted: mode !== "rejects", backends };
  };

  return {
    setting,
    names,
    clock,
    environments,
    repository,
    evidence: readOnce(fakeEvidenceLog()),
    runs: fakeWorkflowRuns({ now: clock.now, calls: [trustedWorkflow] }),
    merges: fakeMerges(),
    provenance: fakeProvenance(),
    people: fakePeople(),
    metrics,
    github,
    events,
    hints,
    tally,
    commits,
    edit,
    environmentAt,
    /** Runs something that may merge for a replica. */
    mergingAs<Result>(by: ReplicaNumber, run: () => Result): Result {
      merging = by;
      try {
        return run();
      } finally {
        merging = "people";
      }
    },
    policy(): WrittenPolicy {
      const text = environments.text(policyPath);
      return policiesOf(setting).find((policy) => policy.text === text) ?? fail("people write only policies that the simulation knows");
    },
    serve(candidate: number, service: Service): void {
      metrics.serve(candidates[candidate % candidates.length]?.digest ?? liveVersion.digest, service);
    },
    setCluster(next: ClusterMode): void {
      if (next === "lags") lagging = environments.current();
      mode = next;
    },
    /** What the cluster shows a replica of the model in an environment. */
    observe(by: ReplicaNumber, environment: EnvironmentName): Exposure {
      const exposure = exposed(environment);
      seen[by].set(environment, exposure);
      return exposure;
    },
    hold(environment: EnvironmentName, version: number): void {
      const held = everyVersion[version % everyVersion.length] ?? liveVersion;
      const text = printHold({
        schema: "slipway/hold/v1",
        environment,
        model: ranker,
        ...held,
        since: clock.now(),
        reason: "a recall",
        liftedBy: "holder",
      });
      edit({ [holdPath(environment, ranker, held.digest)]: text });
    },
    lift(environment: EnvironmentName, version: number): void {
      const held = everyVersion[version % everyVersion.length] ?? liveVersion;
      edit({ [holdPath(environment, ranker, held.digest)]: null });
    },
    freeze(): void {
      const from = clock.now();
      const text = printFreezeFile({
        schema: "slipway/freeze/v1",
        name: "sale",
        from,
        to: addMilliseconds(from, 3_600_000),
        reason: "the sale",
        by: loginSchema.parse("hal"),
      });
      edit({ [freezePath]: text });
    },
    thaw: (): void => edit({ [freezePath]: null }),
    editByHand(environment: EnvironmentName, what: "route" | "state" | "elsewhere"): void {
      const path = {
        route: `${manifestsFolder(environment, ranker)}${routeFile}`,
        state: statePath(environment, ranker),
        elsewhere: "README.md",
      }[what];
      edit({ [path]: `${environments.text(path) ?? ""}# by hand, at ${clock.now()}\n` });
    },
    branchPushed(name: string, base: EnvironmentsSnapshot, tip: CommitSha): void {
      events.push({ kind: "branch", name, base, files: environments.filesAt(tip) });
    },
  };
}

/** What was taken in stays as it is, so it need not be copied for each reader. */
function readOnce(log: EvidenceLog): EvidenceLog {
  const known = new Map<string, ReturnType<EvidenceLog["read"]>>();
  let looks: ReturnType<EvidenceLog["looks"]> | undefined;
  return {
    append(entry) {
      known.clear();
      looks = undefined;
      return log.append(entry);
    },
    read(repositoryId, pullRequest) {
      const key = `${repositoryId}/${pullRequest}`;
      const entries = known.get(key) ?? log.read(repositoryId, pullRequest);
      known.set(key, entries);
      return entries;
    },
    looks: () => (looks ??= log.looks()),
  };
}

const freezePath = `${freezesFolder}sale.yaml`;

function fail(message: string): never {
  throw new Error(message);
}
