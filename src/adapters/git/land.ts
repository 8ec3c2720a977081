import { setTimeout as pause } from "node:timers/promises";
import type { CommitSha } from "#domain/model/names.ts";
import type { Git } from "./git.ts";
import { GitFailure } from "./git-failure.ts";
import { haveCommit, remoteTip } from "./objects.ts";
import { type PushAnswer, pushAnswer } from "./push-answer.ts";
import { safeCommit } from "./safe-names.ts";

export interface Landing {
  /** Full name of the remote ref. */
  readonly ref: string;
  /** Where it must stand before; undefined when it must not exist. */
  readonly expected: CommitSha | undefined;
  readonly commit: CommitSha;
}

export interface Removal {
  readonly ref: string;
  readonly expected: CommitSha;
}

export type Landed =
  | { readonly kind: "landed" }
  | { readonly kind: "moved"; readonly tip: CommitSha | undefined }
  | { readonly kind: "refused"; readonly message: string };

const attempts = 4;

/**
 * Moves a remote ref by compare and swap. Unless the answer is plain, the remote is looked at before anything is repeated: a push that
 * arrived counts once. A rejection is not plain: when a connection breaks, curl sends the same push again by itself, and the host
 * rejects the second because of the first.
 */
export function land(git: Git, landing: Landing): Promise<Landed> {
  return swap(git, landing);
}

/** Removes a remote ref in the same way; one that is gone already counts as removed. */
export function remove(git: Git, removal: Removal): Promise<Landed> {
  return swap(git, { ...removal, commit: undefined });
}

/** Without a commit the ref is removed. */
type Swap = Omit<Landing, "commit"> & { readonly commit: CommitSha | undefined };

async function swap(git: Git, landing: Swap): Promise<Landed> {
  let last: PushAnswer | undefined;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    last = await push(git, landing);
    if (last.kind === "accepted") return { kind: "landed" };
    if (last.kind === "refused") return last;
    if (last.kind === "failed") throw last.failure;

    const tip = await look(git, landing.ref);
    if (tip.kind === "seen" && tip.commit !== landing.expected) {
      const ours = landing.commit === undefined ? tip.commit === undefined : await isIn(git, landing.commit, tip.commit);
      return ours ? { kind: "landed" } : { kind: "moved", tip: tip.commit };
    }
    if (attempt < attempts) await pause(100 * attempt + Math.random() * 200 * attempt);
  }
  throw last?.kind === "lost" ? last.failure : new GitFailure("remote", `git push: ${landing.ref} did not move in ${attempts} attempts`);
}

async function push(git: Git, { ref, expected, commit }: Swap): Promise<PushAnswer> {
  const lease = `--force-with-lease=${ref}:${expected === undefined ? "" : safeCommit(expected)}`;
  try {
    return pushAnswer(
      await git.remote([
        "push",
        "--porcelain",
        "--no-progress",
        "--no-verify",
        lease,
        "origin",
        `${commit === undefined ? "" : safeCommit(commit)}:${ref}`,
      ]),
    );
  } catch (error) {
    if (error instanceof GitFailure) return pushAnswer(error.message, error);
    throw error;
  }
}

type Look = { readonly kind: "seen"; readonly commit: CommitSha | undefined } | { readonly kind: "unseen" };

async function look(git: Git, ref: string): Promise<Look> {
  try {
    return { kind: "seen", commit: await remoteTip(git, ref) };
  } catch (error) {
    if (error instanceof GitFailure && error.where === "remote") return { kind: "unseen" };
    throw error;
  }
}

/** Whether a commit is in the history of a tip. */
async function isIn(git: Git, commit: CommitSha, tip: CommitSha | undefined): Promise<boolean> {
  if (tip === undefined || tip === commit) return tip === commit;
  await haveCommit(git, tip);
  const outside = await git.local(["rev-list", "--count", safeCommit(commit), `^${safeCommit(tip)}`]);
  return outside.trim() === "0";
}
