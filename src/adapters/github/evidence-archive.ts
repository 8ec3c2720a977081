import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import type { EvidenceArtifact } from "#ports/workflow-runs.ts";
import { maximumArchiveFiles, maximumUnpackedBytes } from "./limits.ts";
import { readCapped } from "./read-capped.ts";

/** What evidence may hold, by name. Anything else is refused whole: an archive that is not ours is not read for parts. */
const evidenceFile = "evidence.json";
const tokenFile = "token.jwt";
const attestationFile = "evidence.sigstore.json";
const reportFile = /^(?:reports\/)?([0-9A-Za-z][0-9A-Za-z._-]{0,127}\.json)$/;

export interface ArchiveLimits {
  readonly files: number;
  readonly unpackedBytes: number;
}

/** Unpacks an evidence artifact in memory. The archive comes from a run that a pull request may have shaped, so nothing it says of itself is believed. */
export async function readEvidenceArchive(
  bytes: Uint8Array,
  limits: ArchiveLimits = { files: maximumArchiveFiles, unpackedBytes: maximumUnpackedBytes },
): Promise<EvidenceArtifact> {
  try {
    const archive = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      validateEntrySizes: true,
      strictFileNames: true,
    });
    return await sorted(await unpacked(archive, limits));
  } catch (error) {
    if (error instanceof Unreadable) return { kind: "unreadable", reason: error.message };
    return {
      kind: "unreadable",
      reason: `The artifact is not a sound zip archive: ${(error instanceof Error ? error.message : String(error)).replace(/\.$/, "")}.`,
    };
  }
}

async function unpacked(archive: ZipFile, limits: ArchiveLimits): Promise<ReadonlyMap<string, Uint8Array>> {
  if (archive.entryCount > limits.files)
    throw new Unreadable(`The artifact holds ${archive.entryCount} files; at most ${limits.files} are read.`);
  const files = new Map<string, Uint8Array>();
  let left = limits.unpackedBytes;
  for await (const entry of archive.eachEntry()) {
    if (entry.fileName === "reports/") continue;
    refuseOddEntry(entry, files);
    // Counted while reading: sizes in a header are the archive's own word.
    const content = await readCapped(await archive.openReadStreamPromise(entry), left);
    if (content === undefined) throw new Unreadable(`The artifact unpacks to more than ${limits.unpackedBytes} bytes.`);
    left -= content.byteLength;
    files.set(entry.fileName, content);
  }
  return files;
}

const fileTypeMask = 0o170_000;
const regularFile = 0o100_000;

function refuseOddEntry(entry: Entry, files: ReadonlyMap<string, Uint8Array>): void {
  const name = JSON.stringify(entry.fileName.slice(0, 200));
  const expected = [evidenceFile, tokenFile, attestationFile].includes(entry.fileName) || reportFile.test(entry.fileName);
  if (!expected) throw new Unreadable(`The artifact holds ${name}, which is not a part of evidence.`);
  if (files.has(entry.fileName)) throw new Unreadable(`The artifact holds ${name} twice.`);
  if (entry.isEncrypted()) throw new Unreadable(`The artifact holds ${name} encrypted.`);
  const type = (entry.externalFileAttributes >>> 16) & fileTypeMask;
  if (type !== 0 && type !== regularFile) throw new Unreadable(`The artifact holds ${name}, which is not a regular file.`);
}

function sorted(files: ReadonlyMap<string, Uint8Array>): EvidenceArtifact {
  const evidence = files.get(evidenceFile);
  if (evidence === undefined) return { kind: "unreadable", reason: `The artifact has no ${evidenceFile}.` };
  const reports = new Map<string, Uint8Array>();
  for (const [path, content] of files) {
    const [, name] = reportFile.exec(path) ?? [];
    if (path === evidenceFile || path === attestationFile || name === undefined) continue;
    if (reports.has(name)) return { kind: "unreadable", reason: `The artifact holds the report ${JSON.stringify(name)} twice.` };
    reports.set(name, content);
  }
  const token = files.get(tokenFile);
  const attestation = files.get(attestationFile);
  return {
    kind: "found",
    files: {
      evidence,
      reports,
      ...(token !== undefined && { token: new TextDecoder().decode(token).trim() }),
      ...(attestation !== undefined && { attestation: new TextDecoder().decode(attestation) }),
    },
  };
}

class Unreadable extends Error {}
