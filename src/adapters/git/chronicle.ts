import type { HistoricCommit } from "#domain/audit/history.ts";
import { archiveBranch, incidentsFolder, recordsFolder } from "#domain/environment/paths.ts";
import { type BlobId, type CommitSha, commitShaSchema } from "#domain/model/names.ts";
import { instantOf } from "#domain/model/time.ts";
import type { Chronicle } from "#ports/chronicle.ts";
import type { Clone, Git } from "./git.ts";
import { GitFailure } from "./git-failure.ts";
import { listFiles, readBlobs } from "./objects.ts";
import { safeCommit } from "./safe-names.ts";

/** The history in a clone as it lies there: remote-tracking branches as last fetched, or a mirror's own branches. */
export function gitChronicle(clone: Clone): Chronicle {
  return {
    read: () =>
      clone.use(async (git) => {
        const head = (await resolved(git, "refs/remotes/origin/HEAD")) ?? (await resolved(git, "HEAD"));
        if (head === undefined) throw new Error("this clone of the environments repository has no commits: run git fetch in it");
        const archive =
          (await resolved(git, `refs/remotes/origin/${archiveBranch}`)) ?? (await resolved(git, `refs/heads/${archiveBranch}`));
        const files = new Map<string, BlobId>();
        for (const tip of archive === undefined ? [head] : [archive, head])
          for (const [path, blob] of await listFiles(git, tip, [recordsFolder, incidentsFolder])) files.set(path, blob);
        const texts = await readBlobs(git, [...files.values()]);
        return {
          head,
          commits: parseHistory(await git.local([...log, safeCommit(head), "--"])),
          records: new Map([...files].map(([path, blob]) => [path, texts.get(blob)?.toString("utf8") ?? ""])),
        };
      }),
  };
}

async function resolved(git: Git, ref: string): Promise<CommitSha | undefined> {
  try {
    return commitShaSchema.parse((await git.local(["rev-parse", "--verify", "--quiet", `${ref}^{commit}`])).trim());
  } catch (error) {
    if (error instanceof GitFailure || (error instanceof Error && error.name === "ZodError")) return undefined;
    throw error;
  }
}

/** Configuration of a person's machine must not change the form. Paths follow in raw form, whose lines begin with a colon as no commit's name does. */
const log = [
  "log",
  "-z",
  "--format=%H%x00%P%x00%an%x00%ae%x00%cn%x00%ce%x00%ct%x00%B",
  "--raw",
  "--no-abbrev",
  "--diff-merges=first-parent",
  "--no-color",
  "--no-show-signature",
  "--no-mailmap",
  "--no-renames",
  "--no-notes",
  "--no-ext-diff",
  "--encoding=UTF-8",
];

const fields = 8;

function parseHistory(output: string): readonly HistoricCommit[] {
  const parts = output.split("\0");
  const commits: HistoricCommit[] = [];
  let at = 0;
  while (at + fields <= parts.length) {
    const [sha = "", parents = "", name = "", email = "", committer = "", committerEmail = "", seconds = "", message = ""] = parts.slice(
      at,
      at + fields,
    );
    at += fields;
    const paths: string[] = [];
    for (; /^\n?:/.test(parts[at] ?? ""); at += 2) paths.push(parts[at + 1] ?? "");
    commits.push({
      sha: safeCommit(sha),
      parents: parents.split(" ").filter((parent) => parent !== ""),
      author: { name, email },
      committer: { name: committer, email: committerEmail },
      at: instantOf(Number(seconds) * 1000),
      message,
      paths,
    });
  }
  return commits;
}
