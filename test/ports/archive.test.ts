import { afterEach, describe, expect, it } from "vitest";
import { gitArchive } from "#adapters/git/archive.ts";
import { cachedClone } from "#adapters/git/cached-clone.ts";
import type { StoredLog } from "#domain/archive/archived.ts";
import type { Archive } from "#ports/archive.ts";
import { adapterSetting, identity, token } from "#test/adapters/git/adapter-setting.ts";
import { evidenceEntry } from "#test/support/evidence-entry.ts";
import { fakeArchive } from "#test/support/fakes/archive.ts";

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

interface Setting {
  /** Of two who archive at once. */
  readonly archives: readonly [Archive, Archive];
  append(pullRequest: number, run: number): Promise<unknown>;
}

async function inMemory(): Promise<Setting> {
  const archive = fakeArchive();
  return { archives: [archive, archive], append: async (pullRequest, run) => archive.append(pullRequest, `${run}-1`, `{"run":${run}}`) };
}

async function overHttp(): Promise<Setting> {
  const setting = await adapterSetting();
  cleanUps.push(setting.close);
  const archive = (name: string) =>
    gitArchive({ clone: cachedClone({ url: setting.host.url, folder: `${setting.root}/${name}`, token: async () => token }), identity });
  const { log } = setting.replica();
  return {
    archives: [archive("one"), archive("two")],
    append: (pullRequest, run) => log.append(evidenceEntry({ pullRequest, run })),
  };
}

const message = { subject: "Archive", command: "archive by lee" };
const filesIn = ({ files }: StoredLog) => [...files].map(([path, blob]) => ({ path: `kept/${path}`, blob }));

describe.each([
  ["in memory", inMemory],
  ["over HTTP", overHttp],
])("the archive, %s", (_, open) => {
  it("lists the evidence logs and reads what is in them", async () => {
    const { archives, append } = await open();
    await append(7, 1);
    await append(7, 2);
    await append(8, 3);
    const [archive] = archives;
    const logs = await archive.logs();
    expect(logs.map(({ repositoryId, pullRequest }) => [repositoryId, pullRequest])).toEqual([
      [1, 7],
      [1, 8],
    ]);
    const accepted = logs.map(({ files }) => [...files].filter(([path]) => path.endsWith("/accepted.json")));
    expect(accepted.map((found) => found.map(([path]) => path))).toEqual([
      ["1-1/accepted.json", "2-1/accepted.json"],
      ["3-1/accepted.json"],
    ]);
    const texts = await archive.texts(accepted.flat().map(([, blob]) => blob));
    expect([...texts.values()].every((text) => text.startsWith("{"))).toBe(true);
    expect(texts.size).toBe(3);
  });

  it("takes files in by their exact bytes, on what it held when it was read", async () => {
    const { archives, append } = await open();
    await append(7, 1);
    await append(8, 2);
    const [one, two] = archives;
    const [first, second] = await one.logs();
    if (first === undefined || second === undefined) throw new Error("there are two logs");
    await two.logs();
    expect(await two.held()).toEqual({ head: undefined, entries: new Map() });
    expect(await one.add(undefined, filesIn(first), message)).toMatchObject({ kind: "committed" });
    expect(await two.add(undefined, filesIn(second), message)).toEqual({ kind: "moved" });
    const { head } = await two.held();
    expect(await two.add(head, filesIn(second), message)).toMatchObject({ kind: "committed" });
    const { entries } = await one.held();
    expect([...entries].toSorted()).toEqual([...filesIn(first), ...filesIn(second)].map(({ path, blob }) => [path, blob]).toSorted());
  });

  it("removes a log that stands where it was read, and none to which something was added", async () => {
    const { archives, append } = await open();
    await append(7, 1);
    const [one, two] = archives;
    const [before] = await one.logs();
    await append(7, 2);
    const [now] = await two.logs();
    if (before === undefined || now === undefined) throw new Error("there is a log");
    expect(await one.prune(before)).toEqual({ kind: "moved" });
    expect(await two.prune(now)).toEqual({ kind: "pruned" });
    expect(await two.prune(now)).toEqual({ kind: "pruned" });
    expect(await one.logs()).toEqual([]);
  });
});
