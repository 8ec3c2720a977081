import { join } from "node:path";
import { gitArchive } from "#adapters/git/archive.ts";
import { cachedClone } from "#adapters/git/cached-clone.ts";
import { environmentsRepository } from "#adapters/git/environments-repository.ts";
import type { PullRequestEnd } from "#domain/archive/archived.ts";
import { evidencePath, releasePath } from "#domain/environment/paths.ts";
import { printState, statePathOf } from "#domain/environment/state.ts";
import { printReport } from "#domain/evaluation/report.ts";
import { digestOf } from "#domain/evidence/accept-run.ts";
import { type Attestation, acceptedRunSchema, type Provenance } from "#domain/evidence/run.ts";
import { hexOf, releaseIdSchema } from "#domain/model/names.ts";
import { addMilliseconds, type Instant } from "#domain/model/time.ts";
import { printRelease, type ReleaseRecord } from "#domain/rollout/release.ts";
import type { ArchiveWorld } from "#flows/archive-ended.ts";
import type { EvidenceEntry } from "#ports/evidence-log.ts";
import { adapterSetting, identity, token } from "#test/adapters/git/adapter-setting.ts";
import { digest, report, version } from "#test/domain/report/judgement-builder.ts";
import { environmentState, releaseRecord } from "#test/support/builders.ts";
import { fakeClock } from "#test/support/fakes/clock.ts";
import { evidenceFiles } from "#test/support/made-evidence.ts";

export const day = 86_400_000;

/** An environments repository over HTTP in which versions are evaluated, released and forgotten, as time goes by. */
export async function archiving(start: Instant) {
  const setting = await adapterSetting();
  const clock = fakeClock(start);
  const ends = new Map<number, PullRequestEnd>();
  const asked: number[] = [];
  const { log } = setting.replica();

  const archivist = (name: string): ArchiveWorld => {
    const clone = cachedClone({ url: setting.host.url, folder: join(setting.root, name), token: async () => token });
    return {
      environments: environmentsRepository({ clone, identity }),
      archive: gitArchive({ clone, identity }),
      pullRequests: {
        end: async (_, number) => {
          asked.push(number);
          return ends.get(number) ?? { kind: "open" };
        },
      },
      clock,
    };
  };

  /** A run of a pull request is taken in, and what it evaluated is released at once and ends after a day. */
  async function released(pullRequest: number, prove: (evidence: string) => Promise<Proof>, outcome = true): Promise<ReleaseRecord> {
    const measured = report({ candidate: version(`2026.${pullRequest}`, pullRequest.toString(16)) });
    const { digest: evidence, ...files } = evidenceFiles([measured]);
    const [reportBytes = new Uint8Array()] = files.reports.values();
    const proof = await prove(hexOf(evidence));
    await log.append(entryOf(pullRequest, { ...files, ...proof.files }, evidence, proof));
    const record = releaseRecord({
      id: releaseIdSchema.parse(`r-${pullRequest.toString(16).padStart(16, "0")}`),
      model: measured.model,
      candidate: measured.candidate,
      evidence: digestOf(reportBytes),
      startedAt: clock.now(),
      outcome: outcome ? { kind: "verified", at: addMilliseconds(clock.now(), day), reason: "it passed" } : null,
    });
    await setting.host.edit({
      [releasePath(record.environment, record.model, record.id)]: printRelease(record),
      [evidencePath(record.model, record.evidence)]: printReport(measured),
    });
    return record;
  }

  function entryOf(
    pullRequest: number,
    files: EvidenceEntry["files"],
    evidence: string,
    { provenance, attestation }: Proof,
    attempt = 2,
  ): EvidenceEntry {
    const accepted = {
      schema: "slipway/accepted-run/v1",
      repository: { id: 1, name: "acme/models" },
      pullRequest,
      run: {
        id: 9000 + pullRequest,
        attempt,
        event: "pull_request",
        headSha: "a".repeat(40),
        path: ".github/workflows/slipway.yml",
        startedAt: clock.now(),
        updatedAt: clock.now(),
      },
      provenance,
      ...(attestation !== undefined && { attestation }),
      evidence,
      acceptedAt: clock.now(),
    };
    return { accepted: acceptedRunSchema.parse(accepted), files };
  }

  return {
    ...setting,
    clock,
    asked,
    archivist,
    released,
    /** Another run of that pull request, without a release. */
    evaluatedAgain: (pullRequest: number, attempt: number) =>
      log.append(entryOf(pullRequest, evidenceFiles([report()]), digest("7"), unproven, attempt)),
    ended: (pullRequest: number) => void ends.set(pullRequest, { kind: "closed", at: clock.now() }),
    unknown: (pullRequest: number) => void ends.set(pullRequest, { kind: "unknown", reason: "no token" }),
    /** Serves what a release brought, so that it is a target to roll back to. */
    async live({ candidate, id, model, environment }: ReleaseRecord) {
      const since = clock.now();
      const state = environmentState({
        model,
        environment,
        live: { ...candidate, since },
        verified: [{ ...candidate, release: id, at: since, files: {} }],
      });
      await setting.host.edit({ [statePathOf(state)]: printState(state) });
    },
    /** Everything below a branch or ref of the host, by path. */
    async filesOf(ref: string): Promise<ReadonlySet<string>> {
      const listed = await setting.host.git("ls-tree", "-r", "--name-only", ref).catch(() => "");
      return new Set(listed.split("\n").filter((path) => path !== ""));
    },
    logs: async () =>
      (await setting.host.git("for-each-ref", "--format=%(refname)", "refs/slipway/evidence/")).trim().split("\n").filter(Boolean),
  };
}

export interface Proof {
  readonly provenance: Provenance;
  readonly attestation?: Attestation;
  readonly files: Pick<EvidenceEntry["files"], "token" | "keys" | "attestation" | "trustRoot">;
}

export const unproven: Proof = { provenance: { kind: "unsigned", reason: "The run left no OIDC token." }, files: {} };
