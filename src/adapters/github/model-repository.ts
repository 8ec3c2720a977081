import { z } from "zod";
import { commitShaSchema, repositoryNameSchema } from "#domain/model/names.ts";
import type { ModelRepository, PullRequestFacts } from "#ports/model-repository.ts";
import type { GitHubAccess, Permissions } from "./github-client.ts";
import { GitHubRefused } from "./github-unavailable.ts";
import { maximumChangedFiles, maximumFileBytes } from "./limits.ts";
import { type PullRequest, pullRequestSchema } from "./pull-request.ts";
import { encodePath } from "./repository-path.ts";

const contentsPermissions = { contents: "read" } as const satisfies Permissions;
const pullPermissions = { pull_requests: "read" } as const satisfies Permissions;

const repositorySchema = z.object({ id: z.number().int(), full_name: repositoryNameSchema, default_branch: z.string().min(1) });
const branchSchema = z.object({ commit: z.object({ sha: commitShaSchema }) });
const changedFileSchema = z.object({ filename: z.string(), previous_filename: z.string().optional() });
const changedCountSchema = z.object({ changed_files: z.number().int() });

/** @param repository owner/name */
export function modelRepository(github: GitHubAccess, repository: string): ModelRepository {
  return {
    async about() {
      const client = await github.client(repository, contentsPermissions);
      const found = await client.get("GET /repos/{owner}/{repo}", {}, repositorySchema);
      const branch = await client.get("GET /repos/{owner}/{repo}/branches/{branch}", { branch: found.default_branch }, branchSchema);
      return { id: found.id, name: found.full_name, defaultBranch: found.default_branch, head: branch.commit.sha };
    },
    async openPullRequests() {
      const client = await github.client(repository, pullPermissions);
      const open = await client.list("GET /repos/{owner}/{repo}/pulls", { state: "open" }, { item: pullRequestSchema, conditional: true });
      return open.map(factsOf);
    },
    async pullRequest(number) {
      const client = await github.client(repository, pullPermissions);
      const found = await client.find("GET /repos/{owner}/{repo}/pulls/{pull_number}", { pull_number: number }, pullRequestSchema);
      return found === undefined ? undefined : factsOf(found);
    },
    async changedFiles(number) {
      const client = await github.client(repository, pullPermissions);
      const files = await client.list(
        "GET /repos/{owner}/{repo}/pulls/{pull_number}/files",
        { pull_number: number },
        { item: changedFileSchema },
      );
      if (files.length >= maximumChangedFiles) {
        const { changed_files } = await client.get(
          "GET /repos/{owner}/{repo}/pulls/{pull_number}",
          { pull_number: number },
          changedCountSchema,
        );
        if (changed_files > files.length) throw tooManyFiles(number, changed_files);
      }
      return [
        ...new Set(
          files.flatMap((file) => (file.previous_filename === undefined ? [file.filename] : [file.previous_filename, file.filename])),
        ),
      ];
    },
    async file(commit, path) {
      const encoded = encodePath(path);
      const client = await github.client(repository, contentsPermissions);
      const found = await client.download(
        `GET /repos/{owner}/{repo}/contents/${encoded}`,
        { ref: commit, headers: { accept: "application/vnd.github.raw+json" } },
        maximumFileBytes,
      );
      switch (found.kind) {
        case "missing":
          return undefined;
        case "too-large":
          throw tooLarge(path);
        case "bytes":
          // Of a folder GitHub lists the entries, whatever media type was asked for.
          return found.contentType.startsWith("application/json") ? undefined : new TextDecoder().decode(found.bytes);
      }
    },
  };
}

function factsOf(pull: PullRequest): PullRequestFacts {
  return {
    number: pull.number,
    title: pull.title,
    author: pull.user?.login ?? "ghost",
    state: pull.state,
    merged: pull.merged_at !== null,
    draft: pull.draft ?? false,
    head: pull.head.sha,
    base: pull.base,
    headRepositoryId: pull.head.repo?.id ?? null,
  };
}

/** A change that GitHub does not list could be to a model: a verdict without it would be a guess. */
function tooManyFiles(number: number, count: number): GitHubRefused {
  return new GitHubRefused({
    what: `Pull request #${number} changes ${count} files, and GitHub lists ${maximumChangedFiles}`,
    where: "GET /repos/{owner}/{repo}/pulls/{pull_number}/files",
    next: "Its author splits it, so that the model's change stands in a pull request of its own.",
  });
}

function tooLarge(path: string): GitHubRefused {
  return new GitHubRefused({
    what: `${path} is larger than ${maximumFileBytes} bytes`,
    where: "GET /repos/{owner}/{repo}/contents/{path}",
    next: "Its author makes it smaller; data belongs into the artifact store.",
  });
}
