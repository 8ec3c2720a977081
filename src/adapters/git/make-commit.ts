import { randomUUID } from "node:crypto";
import { type BlobId, type CommitSha, commitShaSchema } from "#domain/model/names.ts";
import type { Git, Identity } from "./git.ts";
import { commitTexts, haveBlobs } from "./objects.ts";
import { safeCommit, safePath } from "./safe-names.ts";

export type Write =
  | { readonly kind: "bytes"; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: "blob"; readonly path: string; readonly blob: BlobId }
  | { readonly kind: "delete"; readonly path: string };

export interface Draft {
  /** undefined for the first commit of a history. */
  readonly parent: CommitSha | undefined;
  readonly message: string;
  readonly author: Identity;
  readonly committer: Identity;
  readonly writes: readonly Write[];
}

export interface Made {
  readonly commit: CommitSha;
  /** Whether it holds the files of its parent and no change. */
  readonly empty: boolean;
}

/** Only for the moment in which the commit is made: fast-import wants a ref to put it on. */
const draftRef = "refs/slipway/draft";

/**
 * Makes a commit without a work tree and without moving any branch. One `git fast-import` does it, however many files: the same by
 * `hash-object`, `read-tree`, `update-index`, `write-tree` and `commit-tree` are five processes.
 *
 * No two commits are equal, not even those that two replicas make of one decision within a second: a header holds a random number. So a
 * commit that is found on the remote after a push without an answer is ours, and nobody else's.
 */
export async function makeCommit(git: Git, draft: Draft): Promise<Made> {
  await haveBlobs(
    git,
    draft.writes.flatMap((write) => (write.kind === "blob" ? [write.blob] : [])),
  );
  const plain = commitShaSchema.parse(
    (await git.local(["fast-import", "--quiet", "--force", "--done", "--date-format=raw"], streamOf(draft))).trim(),
  );
  const [text = "", parentText] = await commitTexts(git, draft.parent === undefined ? [plain] : [plain, draft.parent]);
  const commit = await git.local(["hash-object", "-t", "commit", "-w", "--stdin"], withAttempt(text));
  return { commit: commitShaSchema.parse(commit.trim()), empty: treeOf(text) === treeOf(parentText ?? "") };
}

/** Headers that Git does not know are kept and passed over; Jujutsu and GitButler write theirs, `change-id`, the same way. */
function withAttempt(text: string): string {
  return text.replace("\n\n", `\nslipway-attempt ${randomUUID()}\n\n`);
}

function treeOf(text: string): string | undefined {
  return /^tree ([0-9a-f]{40})$/m.exec(text)?.[1];
}

function streamOf({ parent, message, author, committer, writes }: Draft): Buffer {
  const now = `${Math.floor(Date.now() / 1000)} +0000`;
  const head = [
    `commit ${draftRef}`,
    "mark :1",
    `author ${signature(author)} ${now}`,
    `committer ${signature(committer)} ${now}`,
    `data ${Buffer.byteLength(message)}`,
    message,
    ...(parent === undefined ? [] : [`from ${safeCommit(parent)}`]),
    "",
  ].join("\n");
  // Deletions come first, so that a folder may take the place of a file.
  const deletions = writes.flatMap((write) => (write.kind === "delete" ? [`D ${safePath(write.path)}\n`] : []));
  const files = writes.flatMap((write): readonly (string | Uint8Array)[] => {
    if (write.kind === "blob") return [`M 100644 ${write.blob} ${safePath(write.path)}\n`];
    if (write.kind === "bytes") return [`M 100644 inline ${safePath(write.path)}\ndata ${write.bytes.byteLength}\n`, write.bytes, "\n"];
    return [];
  });
  const tail = ["\nget-mark :1\n", `reset ${draftRef}\nfrom ${"0".repeat(40)}\n\n`, "done\n"];
  return Buffer.concat([head, ...deletions, ...files, ...tail].map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
}

/** Angle brackets and line ends would let a name change the rest of the line. */
function signature({ name, email }: Identity): string {
  const plain = (text: string) => text.replaceAll(/[<>\r\n\0]/g, " ").trim();
  return `${plain(name)} <${plain(email)}>`;
}
