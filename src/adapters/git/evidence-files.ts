import { acceptedRunSchema } from "#domain/evidence/run.ts";
import type { EvidenceEntry, EvidenceFiles } from "#ports/evidence-log.ts";

/** How one run lies in the tree of its evidence ref: names are those of the folder `<run id>-<attempt>`. */
export type RunFiles = ReadonlyMap<string, Uint8Array>;

const names = {
  accepted: "accepted.json",
  evidence: "evidence.json",
  token: "token.jwt",
  keys: "keys.json",
  attestation: "evidence.sigstore.json",
  trustRoot: "trusted-root.jsonl",
  reports: "reports/",
} as const;
const optional = ["token", "keys", "attestation", "trustRoot"] as const;
const whole: ReadonlySet<string> = new Set([names.accepted, names.evidence, ...optional.map((name) => names[name])]);

const reportName = /^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$/;
const folderName = /^\d{1,16}-\d{1,6}$/;

/** GitHub refuses files of 100 MB; far below it a report is no report any more. */
const largestFile = 32 * 1024 * 1024;
const largestRun = 64 * 1024 * 1024;
const mostReports = 1000;

export function runFolder({ accepted }: EvidenceEntry): string {
  return `${accepted.run.id}-${accepted.run.attempt}`;
}

/** @throws when a name could point elsewhere or the files are too large to keep */
export function printRun({ accepted, files }: EvidenceEntry): RunFiles {
  const { evidence, reports } = files;
  const printed = new Map<string, Uint8Array>([
    [names.accepted, Buffer.from(`${JSON.stringify(acceptedRunSchema.encode(accepted), null, 2)}\n`)],
    [names.evidence, evidence],
  ]);
  for (const [name, bytes] of reports) {
    if (!reportName.test(name)) throw new RangeError(`${JSON.stringify(name)} is no name of a report`);
    printed.set(names.reports + name, bytes);
  }
  for (const name of optional) {
    const text = files[name];
    if (text !== undefined) printed.set(names[name], Buffer.from(text));
  }
  refuseExcess(
    [...printed.values()].map(({ byteLength }) => byteLength),
    reports.size,
  );
  return printed;
}

/** @param sizes bytes of each file @throws when there is more than a run may hold */
export function refuseExcess(sizes: readonly number[], reports: number): void {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (reports > mostReports || total > largestRun || sizes.some((size) => size > largestFile)) {
    throw new RangeError(`a run's evidence has at most ${mostReports} reports, ${largestFile} bytes in a file and ${largestRun} in all`);
  }
}

/** Splits `<run id>-<attempt>/<file>`; undefined for what no run of ours is made of. */
export function placeOf(path: string): { readonly folder: string; readonly file: string } | undefined {
  const slash = path.indexOf("/");
  const folder = path.slice(0, Math.max(0, slash));
  const file = path.slice(slash + 1);
  const known = whole.has(file);
  const report = file.startsWith(names.reports) && reportName.test(file.slice(names.reports.length));
  return folderName.test(folder) && (known || report) ? { folder, file } : undefined;
}

/** @throws when the folder is not what `printRun` makes: somebody else wrote to the ref */
export function parseRun(folder: string, files: RunFiles): EvidenceEntry {
  const accepted = files.get(names.accepted);
  const evidence = files.get(names.evidence);
  if (accepted === undefined || evidence === undefined)
    throw new Error(`the evidence log's run ${folder} lacks ${names.accepted} or ${names.evidence}`);
  const texts = optional.flatMap((name) => {
    const bytes = files.get(names[name]);
    return bytes === undefined ? [] : [[name, Buffer.from(bytes).toString("utf8")] as const];
  });
  const reports = [...files].flatMap(([name, bytes]) =>
    name.startsWith(names.reports) ? [[name.slice(names.reports.length), bytes] as const] : [],
  );
  const read: EvidenceFiles = {
    evidence,
    reports: new Map(reports),
    ...Object.fromEntries(texts),
  };
  const entry = { accepted: acceptedRunSchema.parse(JSON.parse(Buffer.from(accepted).toString("utf8"))), files: read };
  if (runFolder(entry) !== folder) throw new Error(`the evidence log's run ${folder} holds the record of ${runFolder(entry)}`);
  return entry;
}
