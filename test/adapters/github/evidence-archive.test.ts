import { describe, expect, it } from "vitest";
import { readEvidenceArchive } from "#adapters/github/evidence-archive.ts";
import { type ZipEntry, zip } from "./zip.ts";

const evidence: ZipEntry = { name: "evidence.json", content: '{"schema":"slipway/evidence/v1"}\n' };

describe("readEvidenceArchive", () => {
  it("gives evidence, token and reports with their exact bytes, reports by their plain names", async () => {
    const bytes = zip([
      evidence,
      { name: "token.jwt", content: "eyJ.e30.x\n" },
      { name: "report-a.json", content: "a\r\n" },
      { name: "reports/", content: "", mode: 0o040_755 },
      { name: "reports/b.json", content: "ü" },
    ]);
    const read = await readEvidenceArchive(bytes);
    if (read.kind !== "found") throw new Error(JSON.stringify(read));
    expect(Buffer.from(read.files.evidence).toString()).toBe(evidence.content);
    expect(read.files.token).toBe("eyJ.e30.x");
    expect([...read.files.reports].map(([name, content]) => [name, Buffer.from(content).toString()])).toEqual([
      ["report-a.json", "a\r\n"],
      ["b.json", "ü"],
    ]);
  });

  it("reads evidence that has no token", async () => {
    const read = await readEvidenceArchive(zip([evidence]));
    expect(read).toMatchObject({ kind: "found", files: expect.not.objectContaining({ token: expect.anything() }) });
  });

  it.each<[string, readonly ZipEntry[], RegExp]>([
    ["climbs out of its folder", [evidence, { name: "../evidence.json", content: "x" }], /invalid relative path|\.\./],
    ["names an absolute path", [evidence, { name: "/etc/passwd", content: "x" }], /absolute path/],
    ["hides a path in a folder", [evidence, { name: "reports/../../report.json", content: "x" }], /invalid relative path|\.\./],
    ["uses backslashes", [evidence, { name: "reports\\a.json", content: "x" }], /invalid characters|not a part of evidence/],
    [
      "holds a symbolic link",
      [evidence, { name: "report-a.json", content: "/etc/passwd", mode: 0o120_777 }],
      /"report-a.json", which is not a regular file/,
    ],
    ["holds something else", [evidence, { name: "run.sh", content: "x" }], /"run.sh", which is not a part of evidence/],
    ["holds a name twice", [evidence, evidence], /"evidence.json" twice/],
    [
      "holds a report at two places",
      [evidence, { name: "a.json", content: "1" }, { name: "reports/a.json", content: "2" }],
      /"a.json" twice/,
    ],
    ["holds no evidence", [{ name: "report-a.json", content: "{}" }], /has no evidence.json/],
    ["lies about a size", [{ ...evidence, content: "x".repeat(10_000), claims: 10 }], /not a sound zip archive: too many bytes/],
  ])("refuses an archive that %s", async (_what, entries, reason) => {
    expect(await readEvidenceArchive(zip(entries))).toEqual({ kind: "unreadable", reason: expect.stringMatching(reason) });
  });

  it("stops unpacking at the limit: a thousandfold bomb is never whole in memory", async () => {
    const bomb = zip([evidence, { name: "report-a.json", content: Buffer.alloc(8 * 1024 * 1024) }]);
    expect(bomb.length).toBeLessThan(16 * 1024);
    expect(await readEvidenceArchive(bomb, { files: 200, unpackedBytes: 1024 * 1024 })).toEqual({
      kind: "unreadable",
      reason: "The artifact unpacks to more than 1048576 bytes.",
    });
  });

  it("counts all files together against the limit", async () => {
    const half = Buffer.alloc(600);
    const archive = zip([evidence, { name: "report-a.json", content: half }, { name: "report-b.json", content: half }]);
    expect(await readEvidenceArchive(archive, { files: 200, unpackedBytes: 1000 })).toMatchObject({ kind: "unreadable" });
    expect(await readEvidenceArchive(archive, { files: 200, unpackedBytes: 1300 })).toMatchObject({ kind: "found" });
  });

  it("refuses an archive of very many files before it reads one", async () => {
    const many = Array.from({ length: 201 }, (_, index) => ({ name: `report-${index}.json`, content: "{}" }));
    expect(await readEvidenceArchive(zip([evidence, ...many]))).toEqual({
      kind: "unreadable",
      reason: "The artifact holds 202 files; at most 200 are read.",
    });
  });

  it("says that bytes are no archive, and that an archive was cut", async () => {
    expect(await readEvidenceArchive(Buffer.from("<html>"))).toMatchObject({ kind: "unreadable" });
    expect(await readEvidenceArchive(zip([evidence]).subarray(0, -30))).toMatchObject({ kind: "unreadable" });
  });
});
