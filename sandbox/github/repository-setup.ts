import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile, mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { git, moveRef, noCommit, writeCommit } from "./git.ts";
import { addAccount, gitIdentity } from "./people.ts";
import { Refusal } from "./reply.ts";
import { type Repository, roles, type World } from "./world.ts";

const hooks = fileURLToPath(new URL("./hooks", import.meta.url));

export const NewRepository = z.object({
  owner: z.string(),
  name: z.string(),
  /** A folder whose files become the first commit, or a Git repository (bare or not) whose branches and tags are taken over. */
  from: z.string().optional(),
  /** Who commits the folder's files, and how. */
  author: z.string().default("octocat"),
  message: z.string().default("First commit"),
  defaultBranch: z.string().default("main"),
  private: z.boolean().default(true),
  permissions: z.record(z.string(), z.enum(roles)).default({}),
  protection: z
    .array(
      z.object({
        branch: z.string(),
        bypass: z.array(z.string()).default([]),
        requiredChecks: z.array(z.object({ name: z.string(), app: z.number().optional() })).default([]),
        requiredApprovals: z.number().int().nonnegative().default(0),
      }),
    )
    .default([]),
  /** `owner/name` of the repository that this one is a fork of. */
  forkOf: z.string().optional(),
});
export type NewRepository = z.input<typeof NewRepository>;

export async function createRepository(world: World, wanted: NewRepository): Promise<Repository> {
  const given = NewRepository.parse(wanted);
  const fullName = `${given.owner}/${given.name}`;
  if (!/^[\w.-]+\/[\w.-]+$/.test(fullName)) throw new Refusal(422, `${fullName} is not a repository's name`);
  if (world.repositories.has(fullName)) throw new Refusal(422, `${fullName} exists already`);
  const parent = given.forkOf === undefined ? undefined : world.repositories.get(given.forkOf);
  if (given.forkOf !== undefined && parent === undefined) throw new Refusal(422, `no repository ${given.forkOf}`);
  addAccount(world, given.owner, "User");

  const folder = join(world.data, "repositories", `${fullName}.git`);
  await mkdir(folder, { recursive: true });
  await git(folder, ["init", "--quiet", "--bare", `--initial-branch=${given.defaultBranch}`]);
  await appendFile(join(folder, "config"), configOf(given.protection));

  const source = parent?.folder ?? given.from;
  if (source !== undefined) await fill(world, folder, source, given);
  const repository: Repository = {
    id: world.nextId("repository"),
    owner: given.owner,
    name: given.name,
    fullName,
    private: given.private,
    defaultBranch: given.defaultBranch,
    folder,
    permissions: new Map(Object.entries(given.permissions)),
    protection: given.protection,
    ...(parent === undefined ? {} : { forkOf: parent }),
    createdAt: world.clock(),
    issues: [],
    checks: [],
    runs: [],
  };
  world.repositories.set(fullName, repository);
  return repository;
}

/** In git's own file at once: a command for each setting would be the slowest part of making a repository. */
function configOf(protection: z.infer<typeof NewRepository>["protection"]): string {
  const quoted = (text: string): string => JSON.stringify(text); // git's quotes know the same two escapes
  const rules = protection.flatMap(({ branch, bypass }) => [
    `protect = ${quoted(`refs/heads/${branch}`)}`,
    ...bypass.map((login) => `bypass = ${quoted(`refs/heads/${branch} ${login}`)}`),
  ]);
  return `
[core]
  hooksPath = ${quoted(hooks)}
  logAllRefUpdates = true
[http]
  receivepack = true
[uploadpack]
  allowFilter = true
  allowAnySHA1InWant = true
[receive]
  fsckObjects = true
  autogc = false
[gc]
  auto = 0
[slipway]
${rules.map((rule) => `  ${rule}\n`).join("")}`;
}

async function fill(world: World, folder: string, source: string, given: z.infer<typeof NewRepository>): Promise<void> {
  const isGit = existsSync(join(source, ".git")) || (existsSync(join(source, "HEAD")) && existsSync(join(source, "objects")));
  if (isGit) {
    await git(folder, ["fetch", "--quiet", "--no-tags", source, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]);
    return;
  }
  const index = join(tmpdir(), `index-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index, GIT_DIR: folder, GIT_WORK_TREE: source };
  try {
    await git(source, ["add", "--all", "--force", "."], { env });
    const tree = await git(source, ["write-tree"], { env });
    const author = gitIdentity(world, given.author);
    const commit = await writeCommit(folder, {
      tree,
      parents: [],
      message: `${given.message}\n`,
      author,
      committer: author,
      at: world.clock(),
    });
    await moveRef(folder, `refs/heads/${given.defaultBranch}`, commit, noCommit);
  } finally {
    await rm(index, { force: true });
  }
}
