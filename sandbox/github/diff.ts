import { git, gitAnswer } from "./git.ts";
import { apiUrl, htmlUrl } from "./show-repository.ts";
import type { Repository, World } from "./world.ts";

export interface FileChange {
  readonly sha: string;
  readonly filename: string;
  readonly previous?: string;
  readonly status: "added" | "removed" | "modified" | "renamed" | "changed";
  readonly additions: number;
  readonly deletions: number;
  readonly patch?: string;
}

export interface Comparison {
  readonly mergeBase: string;
  readonly ahead: number;
  readonly behind: number;
  readonly files: readonly FileChange[];
}

const known = new Map<string, Promise<Comparison | undefined>>();

/** Two commits compare the same for ever, so the answer is kept. Undefined without a common ancestor. */
export async function compare(folder: string, base: string, head: string): Promise<Comparison | undefined> {
  const key = `${folder} ${base} ${head}`;
  const found = known.get(key) ?? compareNow(folder, base, head);
  known.set(key, found);
  return await found;
}

async function compareNow(folder: string, base: string, head: string): Promise<Comparison | undefined> {
  const mergeBase = await gitAnswer(folder, ["merge-base", base, head]);
  if (mergeBase === undefined) return undefined;
  const [counts, files] = await Promise.all([
    git(folder, ["rev-list", "--left-right", "--count", `${base}...${head}`]),
    changedFiles(folder, mergeBase, head),
  ]);
  const [behind = 0, ahead = 0] = counts.split("\t").map(Number);
  return { mergeBase, ahead, behind, files };
}

async function changedFiles(folder: string, from: string, to: string): Promise<readonly FileChange[]> {
  const diff = (...options: readonly string[]): Promise<string> =>
    git(folder, ["diff", "--find-renames", "--no-color", ...options, from, to]);
  const [raw, numbers, text] = await Promise.all([diff("--raw", "-z", "--no-abbrev"), diff("--numstat", "-z"), diff()]);
  const patches = text.split(/^diff --git .*$/m).slice(1);
  const counts = [...numbers.matchAll(/(\d+|-)\t(\d+|-)\t(?:[^\0]+|\0[^\0]+\0[^\0]+)\0/g)];
  const fields = raw.split("\0");
  const files: FileChange[] = [];
  for (let at = 0; at + 1 < fields.length; ) {
    const [, , oldSha = "", newSha = "", letter = ""] = (fields[at] ?? "").split(" ");
    const first = fields[at + 1] ?? "";
    const renamed = letter.startsWith("R") ? fields[at + 2] : undefined;
    at += renamed === undefined ? 2 : 3;
    const index = files.length;
    const patch = /^@@[\s\S]*/m.exec(patches[index] ?? "")?.[0].replace(/\n$/, "");
    files.push({
      sha: letter === "D" ? oldSha : newSha,
      filename: renamed ?? first,
      ...(renamed === undefined ? {} : { previous: first }),
      status: statusOf(letter),
      additions: Number(counts[index]?.[1]) || 0,
      deletions: Number(counts[index]?.[2]) || 0,
      ...(patch === undefined ? {} : { patch }),
    });
  }
  return files;
}

function statusOf(letter: string): FileChange["status"] {
  switch (letter.charAt(0)) {
    case "A":
      return "added";
    case "D":
      return "removed";
    case "R":
      return "renamed";
    case "T":
      return "changed";
    default:
      return "modified";
  }
}

export function showFile(world: World, repository: Repository, head: string, file: FileChange): Record<string, unknown> {
  const path = file.filename.split("/").map(encodeURIComponent).join("/");
  return {
    sha: file.sha,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${htmlUrl(world, repository)}/blob/${head}/${path}`,
    raw_url: `${htmlUrl(world, repository)}/raw/${head}/${path}`,
    contents_url: `${apiUrl(world, repository)}/contents/${path}?ref=${head}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previous === undefined ? {} : { previous_filename: file.previous }),
  };
}
