import { createHash } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { oidcProvenance } from "#adapters/oidc/oidc-provenance.ts";
import { sigstoreAttestations } from "#adapters/sigstore/sigstore-attestations.ts";
import { archiveBranch, evidencePath, releasePath } from "#domain/environment/paths.ts";
import { loginSchema } from "#domain/model/names.ts";
import { instantOf, millisecondsOf } from "#domain/model/time.ts";
import { parseRelease, type ReleaseRecord } from "#domain/rollout/release.ts";
import { type ArchiveWorld, archiveEnded } from "#flows/archive-ended.ts";
import { archiving, day, type Proof, unproven } from "#test/support/archiving.ts";
import { issuerAddress, oidcIssuer } from "#test/support/oidc-issuer.ts";
import { sigstore } from "#test/support/sigstore.ts";

type Setting = Awaited<ReturnType<typeof archiving>>;

const start = instantOf(Math.floor(Date.now() / 1000) * 1000);
const lee = loginSchema.parse("lee");
const archive = (world: ArchiveWorld, dryRun = false) => archiveEnded(world, lee, dryRun);

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function setting(): Promise<Setting> {
  const opened = await archiving(start);
  cleanUps.push(opened.close);
  return opened;
}

/** Two pull requests long closed, whose releases ended long ago, and one that is live. */
async function twoYears(): Promise<{ readonly s: Setting; readonly records: readonly ReleaseRecord[] }> {
  const s = await setting();
  const records = [
    await s.released(1, async () => unproven),
    await s.released(2, async () => unproven),
    await s.released(3, async () => unproven),
  ];
  for (const number of [1, 2, 3]) s.ended(number);
  if (records[2] !== undefined) await s.live(records[2]);
  s.clock.advance(800 * day);
  return { s, records };
}

const recordPath = ({ environment, model, id }: ReleaseRecord) => releasePath(environment, model, id);
const reportPath = ({ model, evidence }: ReleaseRecord) => evidencePath(model, evidence);

test("an audit finds the evidence of every release, and who computed it, ten months later and after everything was archived", async () => {
  const s = await setting();
  const issuer = oidcIssuer();
  const authority = await sigstore(new Date(millisecondsOf(start) + 60_000));
  const attestations = sigstoreAttestations({ trustRoot: authority.root, issuer: issuerAddress, server: "https://github.com" });
  const withToken = async (evidence: string): Promise<Proof> => {
    const token = issuer.token({ aud: `slipway:sha256:${evidence}`, run_id: "9001" });
    const provenance = await oidcProvenance({ issuer: issuerAddress }).verify(token, issuer.keys);
    return { provenance, files: { token, keys: issuer.keys } };
  };
  const withAttestation = async (evidence: string): Promise<Proof> => {
    const attestation = await authority.attest({ subjects: [evidence] });
    return {
      ...unproven,
      attestation: attestations.verify(attestation, authority.root),
      files: { attestation, trustRoot: authority.root },
    };
  };
  const first = await s.released(1, withToken);
  s.ended(1);
  s.clock.advance(30 * day);
  const second = await s.released(2, withAttestation);
  s.ended(2);
  s.clock.advance(30 * day);
  const third = await s.released(3, withToken);
  await s.live(third);
  s.ended(3);
  const everything = [first, second, third];

  // Four months after the start: two logs have had their 90 days.
  s.clock.advance(60 * day);
  await archive(s.archivist("april"));
  expect(await s.logs()).toEqual(["refs/slipway/evidence/1/3"]);
  for (const record of everything) expect(await audited(s, record)).toMatchObject({ proven: true });

  // Ten months, and then the year of every record that is not in use is over as well.
  for (const months of [6, 4]) {
    s.clock.advance(months * 31 * day);
    vi.useFakeTimers({ now: millisecondsOf(s.clock.now()), toFake: ["Date"] });
    await archive(s.archivist(`after-${months}`));
    for (const record of everything) expect(await audited(s, record)).toMatchObject({ proven: true });
    vi.useRealTimers();
  }
  expect(await s.logs()).toEqual([]);
  const main = await s.filesOf("refs/heads/main");
  expect(everything.map((record) => main.has(recordPath(record)))).toEqual([false, false, true]);
  expect(await audited(s, first)).toMatchObject({ recordIn: archiveBranch });
  expect(await audited(s, third)).toMatchObject({ recordIn: "main" });
});

/** What an auditor does with nothing but git and what lies there: record, report, run, and who computed it. */
async function audited({ host }: Setting, { id, environment, model }: ReleaseRecord) {
  const show = async (path: string) => {
    for (const branch of ["main", archiveBranch]) {
      const text = await host.git("show", `refs/heads/${branch}:${path}`).catch(() => undefined);
      if (text !== undefined) return { branch, text };
    }
    throw new Error(`${path} is nowhere`);
  };
  const { branch: recordIn, text } = await show(releasePath(environment, model, id));
  const record = parseRelease(text, "release.yaml");
  if (record.kind !== "ok") throw new Error("the record cannot be read");
  const { text: report } = await show(reportPath(record.value));
  if (digestOf(report) !== record.value.evidence) throw new Error("the report is another one");

  const number = Number.parseInt(id.slice(2), 16);
  const places = [`refs/slipway/evidence/1/${number}:`, `refs/heads/${archiveBranch}:evidence-log/1/${number}/`];
  for (const place of places) {
    const file = (name: string) => host.git("show", `${place}900${number}-2/${name}`).catch(() => undefined);
    const evidence = await file("evidence.json");
    if (evidence === undefined) continue;
    if (!evidence.includes(record.value.evidence)) throw new Error("the run lists another report");
    return { recordIn, proven: await provenBy(digestOf(evidence), file) };
  }
  throw new Error("the run is nowhere");
}

/** Offline, with the keys or the trust root that lie beside the proof; nothing of today's installation is asked. */
async function provenBy(evidence: string, file: (name: string) => Promise<string | undefined>): Promise<boolean> {
  const [token, keys, bundle, root] = await Promise.all(
    ["token.jwt", "keys.json", "evidence.sigstore.json", "trusted-root.jsonl"].map(file),
  );
  if (token !== undefined && keys !== undefined) {
    const verified = await oidcProvenance({ issuer: issuerAddress }).verify(token, keys);
    return verified.kind === "signed" && verified.claims.audience === `slipway:${evidence}`;
  }
  const anyone = sigstoreAttestations({ trustRoot: undefined, issuer: issuerAddress, server: "https://github.com" });
  const attested = anyone.verify(bundle ?? "", root ?? "");
  return attested.kind === "attested" && attested.claims.subjects.some((subject) => subject === evidence);
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

describe("archiving", () => {
  test("moves what has ended byte by byte, keeps what is live, and does nothing a second time", async () => {
    const { s, records } = await twoYears();
    const before = await s.host.git("rev-parse", `refs/heads/main:${records[0] && recordPath(records[0])}`);
    const answer = await archive(s.archivist("a"));
    expect(answer).toMatchObject({ problems: [], archived: expect.any(String), removed: expect.any(String) });
    expect(answer.moves.map(({ path }) => path).toSorted()).toEqual(
      records
        .slice(0, 2)
        .flatMap((record) => [recordPath(record), reportPath(record)])
        .toSorted(),
    );
    expect(await s.host.git("rev-parse", `refs/heads/${archiveBranch}:${records[0] && recordPath(records[0])}`)).toBe(before);
    expect(await s.host.git("log", "--format=%an: %(trailers:key=Slipway-Command)", `refs/heads/${archiveBranch}`)).toContain(
      "archive by lee",
    );
    expect(await s.logs()).toEqual([]);

    const tips = await s.host.git("for-each-ref");
    expect(await archive(s.archivist("b"))).toMatchObject({ moves: [], logs: [], problems: [], archived: null, removed: null });
    expect(await s.host.git("for-each-ref")).toBe(tips);
  });

  test("says what it would do and writes nothing on a dry run", async () => {
    const { s } = await twoYears();
    const tips = await s.host.git("for-each-ref");
    const answer = await archive(s.archivist("a"), true);
    expect({ moves: answer.moves.length, logs: answer.logs.length, archived: answer.archived }).toEqual({
      moves: 4,
      logs: 3,
      archived: null,
    });
    expect(await s.host.git("for-each-ref")).toBe(tips);
  });

  test("keeps the log of a pull request that is open, was just closed, or of which nobody knows", async () => {
    const s = await setting();
    for (const number of [1, 2, 3, 4]) await s.evaluatedAgain(number, 1);
    s.clock.advance(200 * day);
    s.unknown(2);
    s.ended(3);
    await s.evaluatedAgain(4, 2);
    s.clock.advance(89 * day);
    const answer = await archive(s.archivist("a"));
    expect(answer).toMatchObject({ logs: [], problems: ["The evidence log of acme/models#2 stays: no token."] });
    expect(s.asked.toSorted()).toEqual([1, 2, 3]);
    expect(await s.logs()).toHaveLength(4);
  });

  let undisturbed: Promise<readonly string[]> | undefined;
  const treesOf = (s: Setting) =>
    Promise.all(["refs/heads/main", `refs/heads/${archiveBranch}`].map((ref) => s.host.git("rev-parse", `${ref}^{tree}`)));

  test.each([1, 2, 3, 4, 5])(
    "goes on where it was killed: at its write number %i the next one ends as if nothing had been",
    async (last) => {
      const { s } = await twoYears();
      undisturbed ??= twoYears().then(async (other) => {
        await archive(other.s.archivist("a"));
        return treesOf(other.s);
      });
      let writes = 0;
      const killed = async <Outcome>(write: () => Promise<Outcome>): Promise<Outcome> => {
        writes += 1;
        if (writes > last) throw new Error("killed");
        const outcome = await write();
        if (writes === last) throw new Error("killed");
        return outcome;
      };
      const world = s.archivist("a");
      const dying: ArchiveWorld = {
        ...world,
        environments: { ...world.environments, commit: (change) => killed(() => world.environments.commit(change)) },
        archive: {
          ...world.archive,
          add: (...given) => killed(() => world.archive.add(...given)),
          prune: (log) => killed(() => world.archive.prune(log)),
        },
      };
      await expect(archive(dying)).rejects.toThrow("killed");
      expect(await archive(s.archivist("b"))).toMatchObject({ problems: [] });
      expect(await treesOf(s)).toEqual(await undisturbed);
      expect(await s.logs()).toEqual([]);
    },
  );

  test("loses nothing when two archive at once", async () => {
    const { s, records } = await twoYears();
    const everything = [...(await s.filesOf("refs/heads/main"))].filter((path) => path.startsWith(".slipway/"));
    const answers = await Promise.all([archive(s.archivist("a")), archive(s.archivist("b"))]);
    expect(answers.flatMap(({ problems }) => problems)).toEqual([]);
    const [main, archived] = [await s.filesOf("refs/heads/main"), await s.filesOf(`refs/heads/${archiveBranch}`)];
    expect(everything.filter((path) => !main.has(path) && !archived.has(path))).toEqual([]);
    expect(records.slice(0, 2).map((record) => main.has(recordPath(record)))).toEqual([false, false]);
    expect([...archived].filter((path) => path.endsWith("/accepted.json"))).toHaveLength(3);
    expect(await s.logs()).toEqual([]);
  });

  test("keeps a log to which a run is added meanwhile", async () => {
    const { s } = await twoYears();
    const world = s.archivist("a");
    const late: ArchiveWorld = {
      ...world,
      archive: {
        ...world.archive,
        prune: async (log) => {
          if (log.pullRequest === 2) {
            await s.evaluatedAgain(2, 3);
          }
          return world.archive.prune(log);
        },
      },
    };
    expect(await archive(late)).toMatchObject({
      problems: ["The evidence log of repository 1, pull request 2 stays: a run was added meanwhile."],
    });
    expect(await s.logs()).toEqual(["refs/slipway/evidence/1/2"]);
  });

  test("removes nothing that the archive does not hold with the same bytes", async () => {
    const { s, records } = await twoYears();
    const [first] = records;
    if (first === undefined) throw new Error("there is a release");
    await archive(s.archivist("a"));
    await s.host.edit({
      [recordPath(first)]: `${(await s.host.git("show", `refs/heads/${archiveBranch}:${recordPath(first)}`)).trim()}\n# a person's note\n`,
    });
    const answer = await archive(s.archivist("b"));
    expect(answer).toMatchObject({
      moves: [],
      problems: [`${recordPath(first)} stays, since the archive holds it with other contents, or not at all.`],
    });
    expect(await s.filesOf("refs/heads/main")).toContain(recordPath(first));
  });

  test("says so when the host refuses the branch, and removes nothing", async () => {
    const { s } = await twoYears();
    s.host.protect(archiveBranch);
    const tips = await s.host.git("for-each-ref");
    expect(await archive(s.archivist("a"))).toMatchObject({
      moves: [],
      logs: [],
      problems: [expect.stringContaining("The archive was refused: ")],
    });
    expect(await s.host.git("for-each-ref")).toBe(tips);
  });

  test("looks before it pushes again when the answer to a push is lost", async () => {
    const { s } = await twoYears();
    s.host.faults.push({ on: "push", does: "cut-response" }, { on: "push", does: "cut-response" }, { on: "push", does: "cut-response" });
    expect(await archive(s.archivist("a"))).toMatchObject({ problems: [] });
    expect(await s.host.git("rev-list", "--count", `refs/heads/${archiveBranch}`)).toBe("1\n");
    expect(await s.logs()).toEqual([]);
  });
});
