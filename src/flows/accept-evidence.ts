import { acceptRun } from "#domain/evidence/accept-run.ts";
import type { Attestation, Provenance, RunFacts } from "#domain/evidence/run.ts";
import type { CommitSha } from "#domain/model/names.ts";
import type { EvidenceEntry } from "#ports/evidence-log.ts";
import { offeredRun } from "./offered-run.ts";
import type { ModelWorld, World } from "./world.ts";

export type EvidenceAnswer =
  | { readonly kind: "appended" | "present"; readonly pullRequest: number }
  | { readonly kind: "none"; readonly reason: string }
  | { readonly kind: "refused"; readonly head: CommitSha; readonly reason: string };

/** Takes the evidence of one run attempt into the log, once. Whether it is trusted is judged later, each time, under the policy of that day. */
export async function acceptEvidence(world: World, models: ModelWorld, run: number, attempt: number): Promise<EvidenceAnswer> {
  const facts = await models.runs.facts(run, attempt);
  if (facts === undefined) return { kind: "none", reason: `there is no run ${run}, attempt ${attempt}` };
  const artifact = await models.runs.evidence(run);
  if (artifact.kind === "none") return { kind: "none", reason: `run ${run} left no evidence` };
  if (artifact.kind === "unreadable") return refused(world, models, facts, artifact.reason);
  const { id, name } = await models.repository.about();
  const { provenance, keys } = await provenanceOf(world, artifact.files.token);
  const { attestation, trustRoot } = attestationOf(world, artifact.files.attestation);

  const acceptance = acceptRun(offeredRun(id, facts, artifact.files));

  if (acceptance.kind === "refused") return refused(world, models, facts, acceptance.reason);
  models.refused.forget(run, attempt);
  const entry: EvidenceEntry = {
    accepted: {
      schema: "slipway/accepted-run/v1",
      repository: { id, name },
      pullRequest: acceptance.pullRequest,
      run: facts,
      provenance,
      ...(attestation !== undefined && { attestation }),
      evidence: acceptance.digest,
      acceptedAt: world.clock.now(),
    },
    files: { ...artifact.files, ...(keys !== undefined && { keys }), ...(trustRoot !== undefined && { trustRoot }) },
  };
  return { kind: await world.evidence.append(entry), pullRequest: acceptance.pullRequest };
}

function refused(world: World, models: ModelWorld, facts: RunFacts, reason: string): EvidenceAnswer {
  world.log.warn("evidence refused", { run: facts.id, attempt: facts.attempt, reason });
  models.refused.remember(facts, reason, world.clock.now());
  return { kind: "refused", head: facts.headSha, reason };
}

async function provenanceOf(world: World, token: string | undefined): Promise<{ provenance: Provenance; keys?: string }> {
  if (token === undefined) return { provenance: { kind: "unsigned", reason: "The run left no OIDC token." } };
  const keys = await world.provenance.keys();
  return { provenance: await world.provenance.verify(token, keys), keys };
}

interface Attested {
  readonly attestation?: Attestation;
  readonly trustRoot?: string;
}

function attestationOf({ attestations }: World, bundle: string | undefined): Attested {
  if (bundle === undefined) return {};
  const { trustRoot } = attestations;
  if (trustRoot === undefined) return { attestation: { kind: "unverified", reason: noTrustRoot } };
  return { attestation: attestations.verify(bundle, trustRoot), trustRoot };
}

const noTrustRoot =
  "The run's attestation was not looked at, since this installation has no Sigstore trust root: whoever runs the App sets SLIPWAY_SIGSTORE_ROOT_FILE, then run the evaluation again.";
