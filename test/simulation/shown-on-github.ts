import { z } from "zod";
import type { Parameters } from "#adapters/github/github-client.ts";
import { type CommitSha, commitShaSchema } from "#domain/model/names.ts";

/** The App, as GitHub knows it. */
export const slipwayApp = { appId: 77, login: "slipway[bot]" };

export interface GitHubComment {
  readonly id: number;
  readonly pull: number;
  readonly author: string;
  readonly ours: boolean;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface GitHubCheck {
  readonly id: number;
  readonly head: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly title: string;
  readonly summary: string;
  readonly buttons: string;
}

export interface GitHubIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: "open" | "closed";
}

export interface GitHubProposal {
  readonly number: number;
  readonly branch: string;
  readonly title: string;
  readonly body: string;
  readonly state: "open" | "closed";
  readonly mergedAt: string | null;
  /** Where the branch stood when it ended. */
  readonly head: CommitSha;
}

export function shownComment({ id, pull, author, ours, body, createdAt, updatedAt }: GitHubComment): object {
  return {
    id,
    body,
    html_url: `https://github.com/acme/models/pull/${pull}#issuecomment-${id}`,
    issue_url: `https://api.github.com/repos/acme/models/issues/${pull}`,
    created_at: createdAt,
    updated_at: updatedAt,
    user: { login: author, type: ours ? "Bot" : "User" },
    performed_via_github_app: ours ? { id: slipwayApp.appId } : null,
  };
}

const checkSchema = z.object({
  status: z.string(),
  conclusion: z.string().optional(),
  external_id: z.string().default(""),
  output: z.object({ title: z.string(), summary: z.string() }),
});

export function saidOfCheck(given: Parameters): Omit<GitHubCheck, "id" | "head"> {
  const { status, conclusion = null, output, external_id: buttons } = checkSchema.parse(given);
  return { status, conclusion, buttons, ...output };
}

export function shownCheck({ id, status, conclusion, title, summary, buttons }: GitHubCheck): object {
  return { id, status, conclusion, external_id: buttons, output: { title, summary } };
}

export function shownIssue({ number, body, state }: GitHubIssue): object {
  return { number, body, state, user: { login: slipwayApp.login, type: "Bot" }, performed_via_github_app: { id: slipwayApp.appId } };
}

export function shownProposal({ number, title, state, mergedAt, head }: GitHubProposal): object {
  return {
    number,
    title,
    state,
    merged_at: mergedAt,
    user: { login: slipwayApp.login },
    head: { sha: head, repo: { id: 2 } },
    base: { ref: "main", sha: firstCommit },
  };
}

const firstCommit = commitShaSchema.parse("0".repeat(40));
