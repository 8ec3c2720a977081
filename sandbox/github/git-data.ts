import { z } from "zod";
import { readCommit, showGitCommit } from "./commits.ts";
import { git, gitAnswer, gitBytes, moveRef, noCommit, refsOf, resolveCommit } from "./git.ts";
import { loginOf } from "./people.ts";
import { afterPush } from "./pushes.ts";
import { type Call, created, noContent, notFound, ok, onRepository, Refusal, type Reply, type Routes, readBody } from "./reply.ts";
import { apiUrl } from "./show-repository.ts";
import { nodeId, type Repository, type World } from "./world.ts";

/** Whether this login may move the branch without a pull request. */
export function mayPush(repository: Repository, branch: string, login: string): boolean {
  const rule = repository.protection.find((candidate) => candidate.branch === branch);
  return rule === undefined || rule.bypass.includes(login);
}

async function showRef(world: World, repository: Repository, ref: string, sha: string): Promise<Record<string, unknown>> {
  const type = await git(repository.folder, ["cat-file", "-t", sha]);
  const api = apiUrl(world, repository);
  return {
    ref,
    node_id: nodeId("Ref", `${repository.id}:${ref}`),
    url: `${api}/git/${ref}`,
    object: { type, sha, url: `${api}/git/${type}s/${sha}` },
  };
}

async function getRef(call: Call, repository: Repository): Promise<Reply> {
  const ref = `refs/${call.params.ref}`;
  const sha = (await refsOf(repository.folder, ref)).get(ref);
  if (sha === undefined) throw notFound();
  return ok(await showRef(call.world, repository, ref, sha));
}

async function matchingRefs(call: Call, repository: Repository): Promise<Reply> {
  const prefix = `refs/${call.params.ref}`;
  const matching = [...(await refsOf(repository.folder))].filter(([ref]) => ref.startsWith(prefix));
  return ok(await Promise.all(matching.map(([ref, sha]) => showRef(call.world, repository, ref, sha))));
}

async function createRef(call: Call, repository: Repository): Promise<Reply> {
  const { ref, sha } = readBody(call, z.object({ ref: z.string(), sha: z.string() }));
  if (!/^refs\/[^/]+\/.+/.test(ref)) throw new Refusal(422, "Reference name must start with 'refs/' and have at least two slashes");
  if ((await gitAnswer(repository.folder, ["check-ref-format", ref])) === undefined)
    throw new Refusal(422, `${ref} is not a valid ref name.`);
  if ((await gitAnswer(repository.folder, ["cat-file", "-t", "--end-of-options", sha])) === undefined)
    throw new Refusal(422, "Object does not exist");
  if (!(await moveRef(repository.folder, ref, sha, noCommit))) throw new Refusal(422, "Reference already exists");
  await afterPush(call.world, repository, call.identity, [{ ref, before: noCommit, after: sha }]);
  return created(await showRef(call.world, repository, ref, sha));
}

async function existing(call: Call, repository: Repository): Promise<{ ref: string; before: string }> {
  const ref = `refs/${call.params.ref}`;
  const before = (await refsOf(repository.folder, ref)).get(ref);
  if (before === undefined) throw new Refusal(422, "Reference does not exist");
  const branch = ref.replace(/^refs\/heads\//, "");
  if (!mayPush(repository, branch, loginOf(call.identity))) throw new Refusal(422, "Changes must be made through a pull request.");
  return { ref, before };
}

async function updateRef(call: Call, repository: Repository): Promise<Reply> {
  const { ref, before } = await existing(call, repository);
  const { sha, force = false } = readBody(call, z.object({ sha: z.string(), force: z.boolean().optional() }));
  if ((await resolveCommit(repository.folder, sha)) === undefined) throw new Refusal(422, "Object does not exist");
  const forward = await gitAnswer(repository.folder, ["merge-base", "--is-ancestor", before, sha]);
  if (forward === undefined && !force) throw new Refusal(422, "Update is not a fast forward");
  if (!(await moveRef(repository.folder, ref, sha, before))) throw new Refusal(409, "Reference cannot be updated");
  await afterPush(call.world, repository, call.identity, [{ ref, before, after: sha }]);
  return ok(await showRef(call.world, repository, ref, sha));
}

async function deleteRef(call: Call, repository: Repository): Promise<Reply> {
  const { ref, before } = await existing(call, repository);
  await git(repository.folder, ["update-ref", "-d", ref, before]);
  await afterPush(call.world, repository, call.identity, [{ ref, before, after: noCommit }]);
  return noContent;
}

async function getTree(call: Call, repository: Repository): Promise<Reply> {
  const name = call.params.tree_sha ?? "";
  const commit = await resolveCommit(repository.folder, name);
  const sha = await gitAnswer(repository.folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${commit ?? name}^{tree}`]);
  if (sha === undefined) throw notFound();
  const recursive = call.query.has("recursive") ? ["-r", "-t"] : [];
  const lines = (await git(repository.folder, ["ls-tree", "-z", "--long", ...recursive, sha])).split("\0").filter((line) => line !== "");
  const api = apiUrl(call.world, repository);
  const tree = lines.map((line) => {
    const [, mode = "", type = "", entry = "", size = "", path = ""] = /^(\d+) (\w+) ([0-9a-f]+) +(\S+)\t([\s\S]+)$/.exec(line) ?? [];
    return { path, mode, type, sha: entry, ...(type === "blob" ? { size: Number(size) } : {}), url: `${api}/git/${type}s/${entry}` };
  });
  return ok({ sha, url: `${api}/git/trees/${sha}`, tree, truncated: false });
}

async function getBlob(call: Call, repository: Repository): Promise<Reply> {
  const sha = call.params.file_sha ?? "";
  if ((await gitAnswer(repository.folder, ["cat-file", "-t", "--end-of-options", sha])) !== "blob") throw notFound();
  const bytes = await gitBytes(repository.folder, ["cat-file", "blob", sha]);
  if (call.accept.includes("raw"))
    return { status: 200, body: bytes, headers: { "content-type": "application/vnd.github.raw; charset=utf-8" } };
  return ok({
    sha,
    node_id: nodeId("Blob", sha),
    url: `${apiUrl(call.world, repository)}/git/blobs/${sha}`,
    size: bytes.length,
    encoding: "base64",
    content: bytes.toString("base64").replace(/.{60}/g, "$&\n"),
  });
}

export const gitData: Routes = {
  "git/get-ref": onRepository(["contents:read"], "read", getRef),
  "git/list-matching-refs": onRepository(["contents:read"], "read", matchingRefs),
  "git/create-ref": onRepository(["contents:write"], "write", createRef),
  "git/update-ref": onRepository(["contents:write"], "write", updateRef),
  "git/delete-ref": onRepository(["contents:write"], "write", deleteRef),
  "git/get-commit": onRepository(["contents:read"], "read", async (call, repository) => {
    const commit = await readCommit(repository.folder, call.params.commit_sha ?? "");
    if (commit === undefined) throw notFound();
    return ok(showGitCommit(call.world, repository, commit));
  }),
  "git/get-tree": onRepository(["contents:read"], "read", getTree),
  "git/get-blob": onRepository(["contents:read"], "read", getBlob),
};
