import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { cachedClone } from "#adapters/git/cached-clone.ts";
import { evidenceLog } from "#adapters/git/evidence-log.ts";
import { printReport } from "#domain/evaluation/report.ts";
import type { EvidenceLog } from "#ports/evidence-log.ts";
import { digest as digestOf, report, version } from "#test/domain/report/judgement-builder.ts";
import { evidenceEntry } from "#test/support/evidence-entry.ts";
import { fakeEvidenceLog } from "#test/support/fakes/evidence-log.ts";
import { gitHttp } from "#test/support/git-http.ts";

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** Two logs on one repository, as two replicas of the App have them. */
type Replicas = readonly [EvidenceLog, EvidenceLog];

async function inMemory(): Promise<Replicas> {
  const log = fakeEvidenceLog();
  return [log, log];
}

async function overHttp(): Promise<Replicas> {
  const host = await gitHttp("secret-token");
  const cache = mkdtempSync(join(tmpdir(), "clone-"));
  cleanUps.push(
    () => host.close(),
    () => rmSync(cache, { recursive: true, force: true }),
  );
  const replica = (name: string) => {
    const clone = cachedClone({ url: host.url, folder: join(cache, name), token: async () => "secret-token" });
    return evidenceLog({ clone, identity: { name: "slipway[bot]", email: "slipway[bot]@users.noreply.github.com" } });
  };
  return [replica("one"), replica("two")];
}

describe.each([
  ["in memory", inMemory],
  ["over HTTP", overHttp],
])("the evidence log, %s", (_, open) => {
  it("is empty for a pull request that nobody evaluated", async () => {
    const [log] = await open();
    expect(await log.read(1, 7)).toEqual([]);
  });

  it("gives back a run as it was taken in", async () => {
    const [log] = await open();
    const entry = evidenceEntry({ token: "a.b.c", keys: '{"keys":[]}', attestation: '{"bundle":1}\n', trustRoot: "{}\n" });
    expect(await log.append(entry)).toBe("appended");
    const [read, ...others] = await log.read(1, 7);
    expect(others).toEqual([]);
    expect(read?.accepted).toEqual(entry.accepted);
    expect(read?.files.token).toBe("a.b.c");
    expect(read?.files.keys).toBe('{"keys":[]}');
    expect(read?.files).toMatchObject({ attestation: '{"bundle":1}\n', trustRoot: "{}\n" });
  });

  it("keeps bytes exactly: line ends, a byte order mark, bytes that are no text", async () => {
    const [log] = await open();
    const evidence = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x0d, 0x0a, 0x7d, 0x00, 0xff, 0xfe]);
    const large = Buffer.alloc(1_200_000, "größe\r\n");
    await log.append(evidenceEntry({ evidence, reports: new Map([["search-ranker.json", large]]) }));
    const [read] = await log.read(1, 7);
    expect(Buffer.from(read?.files.evidence ?? []).equals(evidence)).toBe(true);
    expect(digest(read?.files.reports.get("search-ranker.json") ?? new Uint8Array())).toBe(digest(large));
  });

  it("takes a run and attempt in once, and keeps what came first", async () => {
    const [log, other] = await open();
    expect(await log.append(evidenceEntry({ evidence: Buffer.from("first") }))).toBe("appended");
    expect(await other.append(evidenceEntry({ evidence: Buffer.from("second") }))).toBe("present");
    const entries = await other.read(1, 7);
    expect(entries.map(({ files }) => Buffer.from(files.evidence).toString())).toEqual(["first"]);
  });

  it("lists runs in the order in which they were taken in, not by their numbers", async () => {
    const [log, other] = await open();
    await log.append(evidenceEntry({ run: 30 }));
    await other.append(evidenceEntry({ run: 9 }));
    await log.append(evidenceEntry({ run: 30, attempt: 2 }));
    const entries = await other.read(1, 7);
    expect(entries.map(({ accepted }) => `${accepted.run.id}-${accepted.run.attempt}`)).toEqual(["30-1", "9-1", "30-2"]);
  });

  it("keeps pull requests apart", async () => {
    const [log] = await open();
    await log.append(evidenceEntry({ pullRequest: 7 }));
    await log.append(evidenceEntry({ pullRequest: 77 }));
    await log.append(evidenceEntry({ repository: 11, pullRequest: 7, run: 5 }));
    expect(await log.read(1, 7)).toHaveLength(1);
    expect((await log.read(11, 7)).map(({ accepted }) => accepted.run.id)).toEqual([5]);
  });

  it("names what the runs of all pull requests looked at, whoever made them", async () => {
    const [log, other] = await open();
    expect(await log.looks()).toEqual([]);
    const looking = (letter: string) => new Map([["ranker.json", Buffer.from(printReport(report({ candidate: version("2", letter) })))]]);
    await log.append(evidenceEntry({ reports: looking("c") }));
    await log.append(evidenceEntry({ run: 2, reports: looking("c") }));
    await other.append(evidenceEntry({ pullRequest: 8, run: 3, reports: looking("d") }));
    await other.append(evidenceEntry({ repository: 2, pullRequest: 7, run: 4, reports: looking("e") }));
    await other.append(evidenceEntry({ pullRequest: 9, run: 5, reports: new Map([["ranker.json", Buffer.from("no report")]]) }));
    const { dataset } = report();
    const seen = await other.looks();
    expect(seen.map(({ candidate }) => candidate).toSorted()).toEqual(["c", "c", "d", "e"].map(digestOf));
    expect(seen.every((look) => isDeepStrictEqual(look.dataset, dataset))).toBe(true);
  });

  it("loses nothing when two replicas append at the same time", async () => {
    const [one, two] = await open();
    const runs = [1, 2, 3, 4, 5];
    await Promise.all(runs.flatMap((run) => [one.append(evidenceEntry({ run })), two.append(evidenceEntry({ run: run + 100 }))]));
    const taken = (await one.read(1, 7)).map(({ accepted }) => accepted.run.id);
    expect(taken.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 101, 102, 103, 104, 105]);
  });
});

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
