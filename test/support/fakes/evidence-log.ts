import { evidenceRef } from "#domain/environment/paths.ts";
import { parseReport } from "#domain/evaluation/report.ts";
import { looksOf } from "#domain/evidence/look.ts";
import { acceptedRunSchema } from "#domain/evidence/run.ts";
import type { EvidenceEntry, EvidenceLog } from "#ports/evidence-log.ts";

/** Keeps copies, so that nobody changes what was taken in. */
export function fakeEvidenceLog(): EvidenceLog {
  const logs = new Map<string, EvidenceEntry[]>();
  return {
    async append(entry) {
      const { repository, pullRequest, run } = entry.accepted;
      const ref = evidenceRef(repository.id, pullRequest);
      const log = logs.get(ref) ?? [];
      if (log.some(({ accepted }) => accepted.run.id === run.id && accepted.run.attempt === run.attempt)) return "present";
      logs.set(ref, [...log, copyOf(entry)]);
      return "appended";
    },
    read: async (repositoryId, pullRequest) => (logs.get(evidenceRef(repositoryId, pullRequest)) ?? []).map(copyOf),
    looks: async () =>
      [...logs.values()].flat().flatMap(({ files }) =>
        [...files.reports.values()].flatMap((bytes) => {
          const read = parseReport(new TextDecoder().decode(bytes));
          return read.kind === "report" ? looksOf(read.report) : [];
        }),
      ),
  };
}

function copyOf({ accepted, files }: EvidenceEntry): EvidenceEntry {
  return { accepted: acceptedRunSchema.parse(structuredClone(accepted)), files: structuredClone(files) };
}
