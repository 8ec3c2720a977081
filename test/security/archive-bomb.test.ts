import { expect, test } from "vitest";
import { readEvidenceArchive } from "#adapters/github/evidence-archive.ts";
import { type ZipEntry, zip } from "#test/adapters/github/zip.ts";

const evidence: ZipEntry = { name: "evidence.json", content: "{}" };
const mebibyte = 1024 * 1024;

test("an archive that unpacks to more than the limit is left while it unpacks, whatever its headers claim", async () => {
  const big = Buffer.alloc(64 * mebibyte);
  for (const entry of [
    { name: "report-a.json", content: big },
    { name: "report-a.json", content: big, claims: 10 },
  ]) {
    const archive = zip([evidence, entry]);
    expect(archive.length).toBeLessThan(mebibyte / 8);
    const before = process.memoryUsage().arrayBuffers;
    expect(await readEvidenceArchive(archive, { files: 200, unpackedBytes: 2 * mebibyte })).toMatchObject({ kind: "unreadable" });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * mebibyte);
  }
});

test("an archive in an archive is a file like any other, and is not opened", async () => {
  const inner = zip([{ name: "evidence.json", content: Buffer.alloc(mebibyte) }]);
  expect(await readEvidenceArchive(zip([evidence, { name: "inner.zip", content: inner }]))).toEqual({
    kind: "unreadable",
    reason: expect.stringContaining('"inner.zip", which is not a part of evidence'),
  });
});

test("many small files, one name twice, and an archive that says it has fewer files are refused", async () => {
  const many = Array.from({ length: 500 }, (_, index) => ({ name: `report-${index}.json`, content: "{}" }));
  for (const entries of [many, [evidence, evidence]]) expect(await readEvidenceArchive(zip(entries))).toMatchObject({ kind: "unreadable" });
  const archive = zip([evidence, ...many.slice(0, 3)]);
  archive.writeUInt16LE(1, archive.length - 14);
  archive.writeUInt16LE(1, archive.length - 12);
  const read = await readEvidenceArchive(archive);
  if (read.kind === "found") expect([...read.files.reports.keys()]).toEqual([]);
});
