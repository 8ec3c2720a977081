import { z } from "zod";
import { commitFiles } from "./commit-files.ts";
import { readCommit, showGitCommit } from "./commits.ts";
import { branchTip, git, gitAnswer, gitBytes, resolveCommit } from "./git.ts";
import { mayPush } from "./git-data.ts";
import { gitIdentity, loginOf } from "./people.ts";
import { afterPush } from "./pushes.ts";
import { type Call, created, notFound, ok, onRepository, Refusal, type Reply, type Routes, readBody } from "./reply.ts";
import { apiUrl, htmlUrl } from "./show-repository.ts";
import type { Repository, World } from "./world.ts";

/** Above this GitHub's contents endpoint gives no content in JSON, only raw. */
const largestInline = 1_048_576;

interface Entry {
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size: number;
  readonly path: string;
}

async function entries(folder: string, commit: string, path: string): Promise<readonly Entry[]> {
  const text = await git(folder, ["ls-tree", "-z", "--long", commit, ...(path === "" ? [] : ["--", path])]);
  return text
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => {
      const [, mode = "", type = "", sha = "", size = "", name = ""] = /^(\d+) (\w+) ([0-9a-f]+) +(\S+)\t([\s\S]+)$/.exec(line) ?? [];
      return { mode, type, sha, size: Number(size) || 0, path: name };
    });
}

function kindOf(entry: Entry): string {
  if (entry.mode === "120000") return "symlink";
  if (entry.type === "commit") return "submodule";
  return entry.type === "tree" ? "dir" : "file";
}

function showEntry(world: World, repository: Repository, ref: string, entry: Entry): Record<string, unknown> {
  const path = entry.path.split("/").map(encodeURIComponent).join("/");
  const [api, html] = [apiUrl(world, repository), htmlUrl(world, repository)];
  const self = `${api}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const gitUrl = `${api}/git/${entry.type}s/${entry.sha}`;
  const page = `${html}/${entry.type}/${encodeURIComponent(ref)}/${path}`;
  const isFile = kindOf(entry) === "file";
  return {
    type: kindOf(entry),
    name: entry.path.split("/").at(-1) ?? "",
    path: entry.path,
    sha: entry.sha,
    size: entry.size,
    url: self,
    git_url: gitUrl,
    html_url: page,
    download_url: isFile ? `${html}/raw/${encodeURIComponent(ref)}/${path}` : null,
    _links: { self, git: gitUrl, html: page },
  };
}

async function getContents(call: Call, repository: Repository): Promise<Reply> {
  const { world } = call;
  const path = (call.params.path ?? "").replace(/^\/|\/$/g, "");
  const ref = call.query.get("ref") ?? repository.defaultBranch;
  const commit = await resolveCommit(repository.folder, ref);
  if (commit === undefined) throw new Refusal(404, `No commit found for the ref ${ref}`);
  const entry = path === "" ? undefined : (await entries(repository.folder, commit, path))[0];
  if (path !== "" && entry === undefined) throw notFound();
  if (entry === undefined || entry.type === "tree") {
    const listed = await entries(repository.folder, commit, path === "" ? "" : `${path}/`);
    return ok(listed.map((item) => showEntry(world, repository, ref, item)));
  }
  const shown = showEntry(world, repository, ref, entry);
  if (shown.type === "submodule") return ok({ ...shown, submodule_git_url: `${htmlUrl(world, repository)}.git` });
  const bytes = await gitBytes(repository.folder, ["cat-file", "blob", entry.sha]);
  if (call.accept.includes("raw"))
    return { status: 200, body: bytes, headers: { "content-type": "application/vnd.github.raw; charset=utf-8" } };
  if (shown.type === "symlink") return ok({ ...shown, target: bytes.toString() });
  const inline = entry.size <= largestInline;
  return ok({ ...shown, encoding: inline ? "base64" : "none", content: inline ? bytes.toString("base64").replace(/.{60}/g, "$&\n") : "" });
}

const PutBody = z.object({ message: z.string(), content: z.string(), sha: z.string().optional(), branch: z.string().optional() });

async function putContents(call: Call, repository: Repository): Promise<Reply> {
  const { world, identity } = call;
  const path = call.params.path ?? "";
  const body = readBody(call, PutBody);
  const branch = body.branch ?? repository.defaultBranch;
  const tip = await branchTip(repository.folder, branch);
  if (tip === undefined && branch !== repository.defaultBranch) throw new Refusal(404, `Branch ${branch} not found`);
  if (!mayPush(repository, branch, loginOf(identity))) {
    throw new Refusal(409, "Repository rule violations found\n\nChanges must be made through a pull request.");
  }
  const old = tip === undefined ? undefined : await gitAnswer(repository.folder, ["rev-parse", "--verify", "--quiet", `${tip}:${path}`]);
  if (old !== undefined && body.sha === undefined) throw new Refusal(422, `Invalid request.\n\n"sha" wasn't supplied.`);
  if (body.sha !== undefined && body.sha !== old) throw new Refusal(409, `${path} does not match ${body.sha}`);
  const moved = await commitFiles(world, repository, {
    branch,
    message: body.message,
    files: [{ path, content: Buffer.from(body.content, "base64") }],
    author: gitIdentity(world, loginOf(identity)),
  });
  if (moved === undefined) throw new Refusal(409, `is at ${await branchTip(repository.folder, branch)} but expected ${tip}`);
  await afterPush(world, repository, identity, [{ ref: `refs/heads/${branch}`, ...moved }]);
  const [entry] = await entries(repository.folder, moved.after, path);
  const commit = await readCommit(repository.folder, moved.after);
  if (entry === undefined || commit === undefined) throw notFound();
  const result = { content: showEntry(world, repository, branch, entry), commit: showGitCommit(world, repository, commit) };
  return old === undefined ? created(result) : ok(result);
}

export const contents: Routes = {
  "repos/get-content": onRepository(["contents:read"], "read", getContents),
  "repos/create-or-update-file-contents": onRepository(["contents:write"], "write", putContents),
};
