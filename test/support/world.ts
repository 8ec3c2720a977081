import { printHold } from "#domain/environment/hold.ts";
import { freezesFolder, holdPath, manifestsFolder, policyPath, statePath } from "#domain/environment/paths.ts";
import { policyIn } from "#domain/environment/read-snapshot.ts";
import { printState } from "#domain/environment/state.ts";
import type { RunFacts } from "#domain/evidence/run.ts";
import { blobIdOf } from "#domain/manifest/blob-id.ts";
import { routeFile } from "#domain/manifest/manifest-names.ts";
import { manifestViews } from "#domain/manifest/manifests.ts";
import { type CommitSha, commitShaSchema, hexOf, loginSchema, repositoryNameSchema, type VersionRef } from "#domain/model/names.ts";
import { addMilliseconds } from "#domain/model/time.ts";
import { printFreezeFile } from "#domain/policy/freeze-file.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { definitionPath } from "#domain/report/changed-models.ts";
import { RefusedEvidence } from "#flows/refused-evidence.ts";
import type { ModelWorld, World } from "#flows/world.ts";
import { templates } from "#test/adapters/templates/shipped-templates.ts";
import { environmentState, start } from "#test/support/builders.ts";
import { fakeAttestations } from "#test/support/fakes/attestations.ts";
import { fakeClock } from "#test/support/fakes/clock.ts";
import { fakeCluster } from "#test/support/fakes/cluster.ts";
import { fakeConversation } from "#test/support/fakes/conversation.ts";
import { fakeEnvironmentsRepository, fakeSlipway } from "#test/support/fakes/environments-repository.ts";
import { fakeEvidenceLog } from "#test/support/fakes/evidence-log.ts";
import { fakeIncidents } from "#test/support/fakes/incidents.ts";
import { fakeMerges } from "#test/support/fakes/merges.ts";
import { fakeMetrics } from "#test/support/fakes/metrics.ts";
import { type FileChanges, fakeModelRepository, type OpenedPullRequest } from "#test/support/fakes/model-repository.ts";
import { fakePeople } from "#test/support/fakes/people.ts";
import { fakeProposals } from "#test/support/fakes/proposals.ts";
import { fakeProvenance } from "#test/support/fakes/provenance.ts";
import { fakeReports } from "#test/support/fakes/reports.ts";
import { fakeWorkflowRuns } from "#test/support/fakes/workflow-runs.ts";
import { evidenceFiles, type Measured, madeReport } from "#test/support/made-evidence.ts";
import { gatewayRollout } from "#test/support/rollouts.ts";
import {
  better,
  dataset,
  liveVersion,
  modelText,
  policyText,
  production,
  ranker,
  trustedCommit,
  trustedWorkflow,
} from "#test/support/world-texts.ts";

export interface WorldOptions {
  readonly policy?: string;
  /** model.yaml on the default branch; null for a model that is new. */
  readonly trusted?: string | null;
  /** What was adopted, the newest first; empty for an environment that holds nothing. */
  readonly adopted?: readonly VersionRef[];
  readonly environmentFiles?: Readonly<Record<string, string>>;
}

export interface Pull {
  readonly number: number;
  readonly head: CommitSha;
}

export interface RunOptions extends Partial<Pick<Measured, "gain" | "predictions" | "change" | "baseline" | "datasetText">> {
  readonly id?: number;
  readonly attempt?: number;
  /** The run leaves a token of the trusted workflow unless told otherwise. */
  readonly signed?: boolean;
}

export type TestWorld = Awaited<ReturnType<typeof testWorld>>;

/** A world of fakes, real templates, and one model that a person has adopted in production: what each test changes is what it is about. */
export async function testWorld(options: WorldOptions = {}) {
  const { policy = policyText(), trusted = modelText(), adopted = [liveVersion], environmentFiles = {} } = options;
  const clock = fakeClock(start);
  const environments = fakeEnvironmentsRepository({ [policyPath]: policy, ...environmentFiles, ...servedFiles(adopted) }, clock.now);
  await adopt(environments, adopted);
  const repository = fakeModelRepository({
    files: { [dataset.path]: dataset.text, ...(trusted !== null && { [definitionPath(ranker)]: trusted }) },
  });
  const fakes = {
    environments,
    evidence: fakeEvidenceLog(),
    proposals: fakeProposals({ headOf: environments.tip, merged: (branch) => void environments.merge(branch) }),
    incidents: fakeIncidents(),
    metrics: fakeMetrics(),
    cluster: fakeCluster(),
    provenance: fakeProvenance(),
    attestations: fakeAttestations(),
    clock,
    repository,
    runs: fakeWorkflowRuns({ now: clock.now, calls: [trustedWorkflow] }),
    reports: fakeReports(),
    conversation: fakeConversation(),
    people: fakePeople(),
    merges: fakeMerges(),
  };
  const warnings: string[] = [];
  const { environments: _environments, repository: _repository, runs, reports, conversation, people, merges, ...rest } = fakes;
  const world: World = {
    ...rest,
    environments,
    templates,
    log: { info: () => undefined, warn: (event, facts) => void warnings.push(`${event}: ${String(facts["reason"] ?? facts["error"])}`) },
    identity: fakeSlipway,
    repository: repositoryNameSchema.parse("acme/environments"),
  };
  const models: ModelWorld = { repository, runs, reports, conversation, people, merges, refused: new RefusedEvidence() };
  let branches = 0;
  let newestRun = 0;

  /** A pull request that changes these files, and nothing else. */
  function openPullRequest(files: FileChanges, opened: Partial<OpenedPullRequest> = {}): Pull {
    branches += 1;
    const branch = opened.branch ?? `change-${branches}`;
    const head = repository.commit(branch, files);
    return { number: repository.openPullRequest({ branch, ...opened }), head };
  }

  /** A completed run of the head, with the evidence it left. */
  async function completeRun({ number, head }: Pull, run: RunOptions = {}): Promise<RunFacts> {
    newestRun = run.id ?? newestRun + 1;
    const { attempt = 1, signed = true, id = newestRun, ...measured } = run;
    const facts: RunFacts = {
      id,
      attempt,
      event: "pull_request",
      headSha: head,
      path: ".github/workflows/slipway.yml",
      startedAt: addMilliseconds(clock.now(), -60_000),
      updatedAt: clock.now(),
    };
    const about = await repository.about();
    const report = madeReport({
      headText: (await repository.file(head, definitionPath(ranker))) ?? "",
      trustedText: await repository.file(about.head, definitionPath(ranker)),
      policy: await readPolicy(),
      baseline: adopted[0] ?? null,
      run: { id, attempt, pullRequest: number, head },
      ...measured,
    });
    const { digest, ...files } = evidenceFiles([report]);
    const token = fakes.provenance.sign({
      issuer: "https://token.actions.githubusercontent.com",
      audience: `slipway:sha256:${hexOf(digest)}`,
      repositoryId: 1,
      eventName: "pull_request",
      runId: id,
      runAttempt: attempt,
      jobWorkflowRef: `${trustedWorkflow}@refs/tags/v1`,
      jobWorkflowSha: commitShaSchema.parse(trustedCommit),
      issuedAt: addMilliseconds(clock.now(), -1000),
    });
    runs.complete(facts);
    runs.leave(id, { kind: "found", files: { ...files, ...(signed && { token }) } });
    return facts;
  }

  async function readPolicy(): Promise<Policy> {
    const read = policyIn(await environments.snapshot());
    if (read.kind === "invalid") throw new Error("the policy of a test that makes reports can be read");
    return read.value;
  }

  return {
    ...fakes,
    world,
    models,
    warnings,
    openPullRequest,
    completeRun,
    /** A pull request that proposes a version of the model. */
    propose: (proposed: VersionRef = better, change: Parameters<typeof modelText>[1] = {}, opened: Partial<OpenedPullRequest> = {}): Pull =>
      openPullRequest({ [definitionPath(ranker)]: modelText(proposed, change) }, opened),
    /** Somebody merges a pull request, a second later. */
    async merge({ number }: Pick<Pull, "number">, by = "lee"): Promise<CommitSha> {
      clock.advance(1000);
      const changed = await repository.changedFiles(number);
      const base = (await repository.pullRequest(number))?.base.ref ?? "main";
      const commit = repository.merge(number);
      fakes.merges.merged({ number, commit, at: clock.now(), by, base, changed });
      return commit;
    },
    /** A person comments a second later. */
    say(pull: Pick<Pull, "number">, body: string, author = "lee") {
      clock.advance(1000);
      return conversation.say({ pullRequest: pull.number, author, body, at: clock.now() });
    },
    /** A person freezes growth from now on, for an hour. */
    freeze: (): CommitSha =>
      environments.edit({
        [freezePath]: printFreezeFile({
          schema: "slipway/freeze/v1",
          name: "peak",
          from: clock.now(),
          to: addMilliseconds(clock.now(), 3_600_000),
          reason: "the sale",
          by: loginSchema.parse("hal"),
        }),
      }),
    thaw: (): CommitSha => environments.edit({ [freezePath]: null }),
    /** A person holds a version. */
    hold: (held: VersionRef, reason = "a recall"): CommitSha =>
      environments.edit({
        [holdPath(production, ranker, held.digest)]: printHold({
          schema: "slipway/hold/v1",
          environment: production,
          model: ranker,
          ...held,
          since: clock.now(),
          reason,
          liftedBy: "holder",
        }),
      }),
  };
}

const freezePath = `${freezesFolder}peak.yaml`;

/** The manifests that serve the newest of the adopted versions. */
export function servedFiles(adopted: readonly VersionRef[]): Record<string, string> {
  const [newest] = adopted;
  if (newest === undefined) return {};
  const views = manifestViews({
    environment: production,
    namespace: "models",
    model: ranker,
    rollout: gatewayRollout,
    release: null,
    candidate: { ...newest, artifact: `artifacts/${newest.version}.json`, weight: 100 },
    stable: null,
  });
  return Object.fromEntries(
    views.map(({ file, template, view }) => [`${manifestsFolder(production, ranker)}${file}`, templates.render(template, view)]),
  );
}

async function adopt(environments: ReturnType<typeof fakeEnvironmentsRepository>, adopted: readonly VersionRef[]): Promise<void> {
  const [newest] = adopted;
  if (newest === undefined) return;
  for (const older of adopted.slice(1)) {
    // Git holds the files of everything that was ever served.
    environments.edit(servedFiles([older]));
    environments.edit({ ...Object.fromEntries(Object.keys(servedFiles([older])).map((path) => [path, null])), ...servedFiles([newest]) });
  }
  const verified = adopted.map((one) => ({
    ...one,
    release: null,
    at: start,
    files: Object.fromEntries(Object.entries(servedFiles([one])).map(([path, text]) => [path, blobIdOf(text)])),
  }));
  const { head } = await environments.snapshot();
  await environments.commit({
    base: head,
    subject: "Adopt what is live in production",
    trailers: { command: "adopt production by petra" },
    writes: [
      {
        kind: "text",
        path: statePath(production, ranker),
        text: printState(environmentState({ live: { ...newest, since: start }, verified })),
      },
    ],
  });
}

/** The model's route in Git. */
export const routePath = `${manifestsFolder(production, ranker)}${routeFile}`;
