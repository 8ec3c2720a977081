import { digestOf, type OfferedFile, type OfferedRun } from "#domain/evidence/accept-run.ts";
import type { RunFacts } from "#domain/evidence/run.ts";
import type { EvidenceFiles } from "#ports/evidence-log.ts";

/** A run's files with their digests and texts, as the domain reads them. */
export function offeredRun(repositoryId: number, facts: RunFacts, files: EvidenceFiles): OfferedRun {
  return {
    repositoryId,
    facts,
    evidence: offeredFile(files.evidence),
    reports: new Map([...files.reports].map(([name, bytes]) => [name, offeredFile(bytes)])),
  };
}

function offeredFile(bytes: Uint8Array): OfferedFile {
  return { digest: digestOf(bytes), text: new TextDecoder().decode(bytes) };
}
