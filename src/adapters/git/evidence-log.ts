/**
 * The evidence log: one ref per pull request, one commit per run. A ref outside of `refs/heads` triggers no workflow, shows in no list
 * of branches and is no part of an ordinary clone.
 *
 * Each commit's message names the looks of its run (`Slipway-Look: …`), so that counting over all pull requests reads commits alone: one
 * fetch brings the refs that moved, without any file's contents, and one `git log` reads their messages. That fetch costs the host's list of
 * evidence refs, about 100 bytes a pull request, at most once a minute however many pull requests are judged.
 *
 * Concurrency: appends are compare-and-swap pushes; who loses reads again and appends on top, so runs are never lost and never doubled.
 */
import { setTimeout as pause } from "node:timers/promises";
import { evidenceRef, evidenceRefs } from "#domain/environment/paths.ts";
import { parseReport } from "#domain/evaluation/report.ts";
import { type Look, looksOf, parseLooks, printLook } from "#domain/evidence/look.ts";
import type { CommitSha } from "#domain/model/names.ts";
import type { EvidenceEntry, EvidenceLog } from "#ports/evidence-log.ts";
import { parseRun, placeOf, printRun, refuseExcess, runFolder } from "./evidence-files.ts";
import type { Clone, Git, Identity } from "./git.ts";
import { land } from "./land.ts";
import { makeCommit } from "./make-commit.ts";
import { has, listFiles, quiet, readBlobs, remoteTip } from "./objects.ts";

export interface EvidenceLogSettings {
  readonly clone: Clone;
  readonly identity: Identity;
}

const attempts = 12;

/** How long a count over all pull requests may be old. */
const looksAreFresh = 60_000;

export function evidenceLog({ clone, identity }: EvidenceLogSettings): EvidenceLog {
  let counted: { readonly at: number; readonly looks: Promise<readonly Look[]> } | undefined;
  return {
    async append(entry) {
      const ref = refOf(entry.accepted.repository.id, entry.accepted.pullRequest);
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        const outcome = await clone.use((git) => appendOnce(git, ref, entry, identity));
        counted = undefined;
        if (outcome !== "moved") return outcome;
        await pause(Math.random() * 50 * attempt);
      }
      throw new Error(`${ref} moved under ${attempts} attempts to append to it`);
    },
    read: (repositoryId, pullRequest) => clone.use((git) => readAll(git, refOf(repositoryId, pullRequest))),
    async looks() {
      if (counted === undefined || Date.now() - counted.at > looksAreFresh)
        counted = { at: Date.now(), looks: clone.use((git) => readLooks(git)) };
      const asked = counted;
      return asked.looks.catch((error: unknown) => {
        if (counted === asked) counted = undefined;
        throw error;
      });
    },
  };
}

/** Numbers only: nothing else can be in the name. */
function refOf(repositoryId: number, pullRequest: number): string {
  if (!(Number.isSafeInteger(repositoryId) && repositoryId > 0 && Number.isSafeInteger(pullRequest) && pullRequest > 0)) {
    throw new RangeError(`no evidence log belongs to repository ${repositoryId}, pull request ${pullRequest}`);
  }
  return evidenceRef(repositoryId, pullRequest);
}

async function appendOnce(git: Git, ref: string, entry: EvidenceEntry, author: Identity): Promise<"appended" | "present" | "moved"> {
  const folder = runFolder(entry);
  const files = printRun(entry);
  const tip = await fetchRef(git, ref);
  if (tip !== undefined && (await listFiles(git, tip, [`${folder}/`])).size > 0) return "present";
  const { commit } = await makeCommit(git, {
    parent: tip,
    message: messageOf(folder, entry),
    author,
    committer: author,
    writes: [...files].map(([file, bytes]) => ({ kind: "bytes", path: `${folder}/${file}`, bytes })),
  });
  const landed = await land(git, { ref, expected: tip, commit });
  if (landed.kind === "refused")
    throw new Error(`the host refuses the evidence log: allow the App to push ${ref}. It said: ${landed.message}`);
  return landed.kind === "landed" ? "appended" : "moved";
}

function messageOf(folder: string, { files }: EvidenceEntry): string {
  const looks = [...files.reports.values()].flatMap((bytes) => {
    const read = parseReport(new TextDecoder().decode(bytes));
    return read.kind === "report" ? looksOf(read.report).map(printLook) : [];
  });
  return looks.length === 0 ? `Evidence of run ${folder}\n` : `Evidence of run ${folder}\n\n${looks.join("\n")}\n`;
}

/** Refs that are gone from the host go here too; ones that did not move bring nothing. */
async function readLooks(git: Git): Promise<readonly Look[]> {
  await git.remote(["fetch", ...quiet, "--prune", "--filter=blob:none", "origin", `+${evidenceRefs}*:${evidenceRefs}*`]);
  const tips = await git.local(["for-each-ref", "--format=%(objectname)", evidenceRefs]);
  if (tips.trim() === "") return [];
  return parseLooks(await git.local(["log", "--format=%B", "--stdin"], tips));
}

async function readAll(git: Git, ref: string): Promise<readonly EvidenceEntry[]> {
  const tip = await fetchRef(git, ref);
  if (tip === undefined) return [];
  const files = await listFiles(git, tip);
  const places = [...files].flatMap(([path, id]) => {
    const place = placeOf(path);
    return place === undefined ? [] : [{ ...place, id }];
  });
  const blobs = await readBlobs(
    git,
    places.map(({ id }) => id),
  );
  const runs = Map.groupBy(places, ({ folder }) => folder);
  return (await foldersInOrder(git, tip)).flatMap((folder) => {
    const held = runs.get(folder) ?? [];
    const bytes = new Map(held.flatMap(({ file, id }) => (blobs.has(id) ? [[file, blobs.get(id) ?? new Uint8Array()] as const] : [])));
    refuseExcess(
      [...bytes.values()].map(({ byteLength }) => byteLength),
      bytes.size,
    );
    return held.length === 0 ? [] : [parseRun(folder, bytes)];
  });
}

/** Each commit adds one folder, so the history is the order. */
async function foldersInOrder(git: Git, tip: CommitSha): Promise<readonly string[]> {
  const added = await git.local([
    "log",
    "-z",
    "--reverse",
    "--first-parent",
    "--no-renames",
    "--diff-filter=A",
    "--name-only",
    "--format=",
    tip,
    "--",
  ]);
  return [...new Set(added.split("\0").flatMap((path) => placeOf(path)?.folder ?? []))];
}

async function fetchRef(git: Git, ref: string): Promise<CommitSha | undefined> {
  const tip = await remoteTip(git, ref);
  if (tip !== undefined && !(await has(git, tip))) await git.remote(["fetch", ...quiet, "origin", `+${ref}:${ref}`]);
  return tip;
}
