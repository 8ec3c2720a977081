import { policyBlob } from "#domain/environment/approval.ts";
import { overridesOf, policyIn, stateIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import { acceptRun, type ReadReport } from "#domain/evidence/accept-run.ts";
import { looksOf } from "#domain/evidence/look.ts";
import type { AcceptedRun } from "#domain/evidence/run.ts";
import { targetProblems } from "#domain/manifest/target-problems.ts";
import { judgedDefinition } from "#domain/model/model-definition.ts";
import type { CommitSha, ModelName, VersionRef } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import { referenceEnvironment } from "#domain/policy/environments.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { type Trust, trustOf } from "#domain/policy/trusted-evidence.ts";
import { changedModels, datasetPath, definitionPath } from "#domain/report/changed-models.ts";
import type { RecordedReport } from "#domain/report/choose-evidence.ts";
import { type Definitions, definitionsOf, type HeadFacts, type ModelFacts } from "#domain/report/judge-pull-request.ts";
import type { EvidenceEntry } from "#ports/evidence-log.ts";
import type { PullRequestFacts, RepositoryFacts } from "#ports/model-repository.ts";
import { manifestsAlone } from "./manifests-digest.ts";
import { offeredRun } from "./offered-run.ts";
import type { ModelWorld, World } from "./world.ts";

/** All that is read before a head is judged. */
export interface HeadReading {
  readonly facts: HeadFacts;
  readonly snapshot: EnvironmentsSnapshot;
  readonly repository: RepositoryFacts;
  /** When evidence of each head was recorded, oldest first. */
  readonly evaluations: readonly { readonly sha: CommitSha; readonly evaluatedAt: Instant }[];
  /** The exact text of each recorded report, by digest. */
  readonly reportTexts: ReadonlyMap<string, string>;
}

/** Reads what judging a head of a pull request needs: rules from the default branch, versions from the head, evidence from the log. */
export async function readHead(world: World, models: ModelWorld, pull: PullRequestFacts, head: CommitSha): Promise<HeadReading> {
  const [repository, snapshot, changed] = await Promise.all([
    models.repository.about(),
    world.environments.snapshot(),
    models.repository.changedFiles(pull.number),
  ]);
  const policy = policyIn(snapshot);
  const entries = await world.evidence.read(repository.id, pull.number);
  const recorded = entries.flatMap((entry) => reportsOf(entry, repository.id));

  const facts = await Promise.all(
    changedModels(changed).map(async (model): Promise<ModelFacts> => {
      const texts = await definitionTexts(models, model, head, repository.head);
      const definitions = definitionsOf({ model, ...texts });
      const proposed = definitions.kind === "read" ? definitions.head.artifact.digest : undefined;
      const about = recorded.filter(({ read }) => read.report.model === model);
      const recordedOf = (reports: typeof about): readonly RecordedReport[] =>
        reports.map(({ entry, read }) => ({ run: entry.accepted, trust: trustIn(policy, entry.accepted), read }));
      return {
        model,
        ...texts,
        live: policy.kind === "ok" ? liveIn(snapshot, policy.value, model) : undefined,
        recorded: recordedOf(about.filter(({ entry }) => entry.accepted.run.headSha === head)),
        overrides: proposed === undefined ? [] : overridesOf(snapshot, model, proposed),
        background: {
          earlier: recordedOf(about.filter(({ entry }) => entry.accepted.run.headSha !== head)),
          liveSince: policy.kind === "ok" ? liveSinceIn(snapshot, policy.value, model) : null,
        },
        ...(policy.kind === "ok" && definitions.kind === "read" && (await trialOf(world, snapshot, policy.value, definitions))),
      };
    }),
  );
  return {
    facts: {
      repository,
      pullRequest: pull.number,
      head,
      base: pull.base.ref,
      policy,
      models: facts,
      refusedRuns: models.refused.ofHead(head),
      policyBlob: policyBlob(snapshot),
      looks: { pullRequest: recorded.flatMap(({ read }) => looksOf(read.report)), all: null },
    },
    snapshot,
    repository,
    evaluations: entries.map(({ accepted }) => ({ sha: accepted.run.headSha, evaluatedAt: accepted.acceptedAt })),
    reportTexts: new Map(recorded.map(({ read }) => [read.digest, read.text])),
  };
}

/** Asks the reference environment's cluster, where policy wants it asked. */
async function trialOf(
  { cluster, templates }: World,
  snapshot: EnvironmentsSnapshot,
  policy: Policy,
  { trusted, head }: Extract<Definitions, { kind: "read" }>,
): Promise<Pick<ModelFacts, "trial">> {
  const { name: environment, dryRun } = referenceEnvironment(policy);
  const definition = judgedDefinition(trusted, head);
  if (!dryRun || definition.rollout === undefined) return {};
  const problems = targetProblems(definition.rollout);
  if (problems.length > 0) return { trial: { kind: "refused", reasons: problems.map(({ message }) => message) } };
  if (definition.rollout.output === "helm") return { trial: { kind: "unknown", reason: valuesOnly } };
  // What a component lists is what the cluster gets; the component itself is Kustomize's.
  const written = { ...definition, rollout: { ...definition.rollout, output: "manifests" as const } };
  const manifests = manifestsAlone(templates, { definition: written, environment, policy, snapshot }) ?? [];
  return { trial: await cluster.tryOut(manifests.map(([, text]) => text)) };
}

const valuesOnly =
  "output: helm is values for a chart of yours, which Slipway does not render. A platform engineer takes dryRun off this environment, or the model writes output: manifests";

/** What is live in the reference environment; null when nothing ever was, undefined when its state cannot be read. */
export function liveIn(snapshot: EnvironmentsSnapshot, policy: Policy, model: ModelName): VersionRef | null | undefined {
  const state = stateIn(snapshot, referenceEnvironment(policy).name, model);
  if (state === undefined) return null;
  return state.kind === "ok" ? { version: state.value.live.version, digest: state.value.live.digest } : undefined;
}

function liveSinceIn(snapshot: EnvironmentsSnapshot, policy: Policy, model: ModelName): Instant | null {
  const state = stateIn(snapshot, referenceEnvironment(policy).name, model);
  return state?.kind === "ok" ? state.value.live.since : null;
}

/** Whether a run is trusted to have evaluated the head that it says. */
function trustIn(policy: HeadFacts["policy"], accepted: AcceptedRun): Trust {
  if (policy.kind === "ok") return trustOf(accepted, accepted.run.headSha, policy.value);
  return { kind: "self-reported", code: "policy-unreadable", reason: "the policy cannot be read" };
}

async function definitionTexts(
  models: ModelWorld,
  model: ModelName,
  head: CommitSha,
  trusted: CommitSha,
): Promise<Pick<ModelFacts, "headText" | "trustedText" | "datasetText">> {
  const path = definitionPath(model);
  const [headText, trustedText] = await Promise.all([models.repository.file(head, path), models.repository.file(trusted, path)]);
  const definitions = definitionsOf({ model, headText, trustedText });
  if (definitions.kind !== "read") return { headText, trustedText, datasetText: undefined };
  const datasetText = await models.repository.file(definitions.isNew ? head : trusted, datasetPath(definitions.trusted.evaluation.dataset));
  return { headText, trustedText, datasetText };
}

/** The reports of an entry, read again by the same rules by which it was taken in. */
function reportsOf(entry: EvidenceEntry, repositoryId: number): readonly { readonly entry: EvidenceEntry; readonly read: ReadReport }[] {
  const acceptance = acceptRun(offeredRun(repositoryId, entry.accepted.run, entry.files));
  return acceptance.kind === "accepted" ? acceptance.reports.map((read) => ({ entry, read })) : [];
}
