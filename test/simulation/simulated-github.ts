import { z } from "zod";
import type { GitHubAccess, GitHubClient, Parameters } from "#adapters/github/github-client.ts";
import { GitHubRefused } from "#adapters/github/github-unavailable.ts";
import type { CommitSha } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import {
  type GitHubCheck,
  type GitHubComment,
  type GitHubIssue,
  type GitHubProposal,
  saidOfCheck,
  shownCheck,
  shownComment,
  shownIssue,
  shownProposal,
  slipwayApp,
} from "./shown-on-github.ts";
import { type WriteKind, writeKinds } from "./step.ts";

/** Passes a call on, late, twice or not at all. `what`: which write it is; null for reads. */
export type Calling = <Result>(what: WriteKind | null, call: () => Result) => Promise<Result>;

/** What GitHub asks of the rest of the world. */
export interface GitHubSurroundings {
  now(): Instant;
  /** The tip of a branch of the environments repository. */
  tipOf(branch: string): CommitSha | undefined;
  /** Merges a branch of the environments repository; false: there are conflicts. */
  merge(branch: string): boolean;
  /** Something was created on GitHub by the App. */
  created(what: "issue" | "proposal", text: string): void;
}

/** GitHub's REST interface in memory, as far as Slipway's own adapters use it to write: comments, check runs, issues, pull requests. */
export function simulatedGitHub(surroundings: GitHubSurroundings) {
  const comments = new Map<number, GitHubComment>();
  const checks: GitHubCheck[] = [];
  const issues: GitHubIssue[] = [];
  const proposals: GitHubProposal[] = [];
  let lastComment = 0;
  let writes = 0;

  /** GitHub's times have no fraction. */
  const now = (): string => `${surroundings.now().slice(0, 19)}Z`;
  const write = (pull: number, author: string, body: string, ours: boolean): GitHubComment => {
    lastComment += 1;
    const comment = { id: lastComment, pull, author, ours, body, createdAt: now(), updatedAt: now() };
    comments.set(comment.id, comment);
    return comment;
  };
  const edit = (id: number, body: string): GitHubComment => {
    const edited = { ...found(comments.get(id)), body, updatedAt: now() };
    comments.set(id, edited);
    return edited;
  };
  const seen = (proposal: GitHubProposal): GitHubProposal =>
    proposal.state === "open" ? { ...proposal, head: surroundings.tipOf(proposal.branch) ?? proposal.head } : proposal;
  const end = (number: number, mergedAt: string | null): void => {
    const proposal = seen(found(proposals[number - 1]));
    proposals[number - 1] = { ...proposal, state: "closed", mergedAt };
  };

  const reads: Routes = {
    "GET /repos/{owner}/{repo}/issues/comments": ({ since }) =>
      [...comments.values()]
        .filter(({ updatedAt }) => updatedAt >= wholeSecond(since))
        .toSorted((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1))
        .map(shownComment),
    "GET /repos/{owner}/{repo}/issues/comments/{comment_id}": ({ comment_id }) => shownComment(found(comments.get(Number(comment_id)))),
    "GET /repos/{owner}/{repo}/issues/{issue_number}/comments": ({ issue_number, since }) =>
      [...comments.values()]
        .filter(({ pull, updatedAt }) => pull === issue_number && (since === undefined || updatedAt >= wholeSecond(since)))
        .map(shownComment),
    "GET /repos/{owner}/{repo}/commits/{ref}/check-runs": ({ ref }) => ({
      check_runs: checks.filter(({ head }) => head === ref).map(shownCheck),
    }),
    "GET /repos/{owner}/{repo}/issues": () => issues.map(shownIssue),
    "GET /repos/{owner}/{repo}/issues/{issue_number}": ({ issue_number }) => shownIssue(found(issues[Number(issue_number) - 1])),
    "GET /repos/{owner}/{repo}/pulls": ({ head }) =>
      proposals.filter(({ branch }) => String(head).endsWith(`:${branch}`)).map((proposal) => shownProposal(seen(proposal))),
    "GET /repos/{owner}/{repo}/pulls/{pull_number}": ({ pull_number }) => shownProposal(seen(found(proposals[Number(pull_number) - 1]))),
  };

  const writing: Routes = {
    "POST /repos/{owner}/{repo}/issues/{issue_number}/comments": ({ issue_number, body }) =>
      shownComment(write(Number(issue_number), slipwayApp.login, String(body), true)),
    "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}": ({ comment_id, body }) =>
      shownComment(edit(Number(comment_id), String(body))),
    "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}": ({ comment_id }) => {
      found(comments.get(Number(comment_id)));
      comments.delete(Number(comment_id));
    },
    "POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions": ({ comment_id }) => void found(comments.get(Number(comment_id))),
    "POST /repos/{owner}/{repo}/check-runs": (given) => {
      const check = { id: checks.length + 1, head: String(given["head_sha"]), ...saidOfCheck(given) };
      checks.push(check);
      return shownCheck(check);
    },
    "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}": (given) => {
      const index = Number(given["check_run_id"]) - 1;
      const check = { ...found(checks[index]), ...saidOfCheck(given) };
      checks[index] = check;
      return shownCheck(check);
    },
    "POST /repos/{owner}/{repo}/issues": ({ title, body }) => {
      surroundings.created("issue", String(body));
      const issue: GitHubIssue = { number: issues.length + 1, title: String(title), body: String(body), state: "open" };
      issues.push(issue);
      return shownIssue(issue);
    },
    "PATCH /repos/{owner}/{repo}/issues/{issue_number}": ({ issue_number, body, state }) => {
      const index = Number(issue_number) - 1;
      const before = found(issues[index]);
      const issue: GitHubIssue = {
        ...before,
        body: body === undefined ? before.body : String(body),
        state: state === "closed" ? "closed" : "open",
      };
      issues[index] = issue;
      return shownIssue(issue);
    },
    "POST /repos/{owner}/{repo}/pulls": ({ head: branch, title, body }) => {
      const name = String(branch);
      const head = surroundings.tipOf(name);
      if (head === undefined) throw refused(422, "head is invalid");
      if (proposals.some((one) => one.branch === name && one.state === "open")) throw refused(422, "A pull request already exists");
      surroundings.created("proposal", name);
      const proposal: GitHubProposal = {
        number: proposals.length + 1,
        branch: name,
        title: String(title),
        body: String(body),
        state: "open",
        mergedAt: null,
        head,
      };
      proposals.push(proposal);
      return shownProposal(proposal);
    },
    "PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge": ({ pull_number, sha }) => {
      const proposal = seen(found(proposals[Number(pull_number) - 1]));
      if (proposal.state === "closed") throw refused(405, "Pull Request is not mergeable");
      if (proposal.head !== sha) throw refused(409, "Head branch was modified");
      if (!surroundings.merge(proposal.branch)) throw refused(405, "Pull Request has merge conflicts");
      end(proposal.number, now());
      return { merged: true };
    },
  };

  /** GitHub for one process of the App. */
  const access = (calling: Calling): GitHubAccess => {
    const get: GitHubClient["get"] = async (route, parameters, shape) =>
      shape.parse(await calling(null, () => taken(reads, route)(parameters)));
    const client: GitHubClient = {
      get,
      async find(route, parameters, shape) {
        try {
          return await get(route, parameters, shape);
        } catch (error) {
          if (error instanceof GitHubRefused && error.status === 404) return undefined;
          throw error;
        }
      },
      async list(route, parameters, { item, under }) {
        const given = await calling(null, () => taken(reads, route)(parameters));
        const list = z.array(z.unknown()).parse(under === undefined ? given : z.object({ [under]: z.unknown() }).parse(given)[under]);
        return list.map((each) => item.parse(each));
      },
      async write(route, parameters, shape) {
        return shape.parse(
          await calling(writeOf(route), () => {
            const answer = taken(writing, route)(parameters);
            writes += 1;
            return answer;
          }),
        );
      },
      download: () => Promise.reject(new Error("nothing is downloaded here")),
    };
    return { client: async () => client, self: async () => slipwayApp };
  };

  return {
    access,
    /** A person comments. */
    say: (pull: number, author: string, body: string): GitHubComment => write(pull, author, body, false),
    edit,
    remove: (id: number): void => void comments.delete(id),
    comments: (): readonly GitHubComment[] => [...comments.values()],
    comment: (id: number): GitHubComment | undefined => comments.get(id),
    checks: (): readonly GitHubCheck[] => checks,
    issues: (): readonly GitHubIssue[] => issues,
    proposals: (): readonly GitHubProposal[] => proposals.map(seen),
    /** A person merges or closes a proposal. */
    endProposal(number: number, merged: boolean): void {
      if (merged && !surroundings.merge(found(proposals[number - 1]).branch)) return;
      end(number, merged ? now() : null);
    },
    /** Calls that changed something so far. */
    writes: (): number => writes,
  };
}

type Routes = Readonly<Record<string, (parameters: Parameters) => unknown>>;

function taken(routes: Routes, route: string): (parameters: Parameters) => unknown {
  const handler = routes[route];
  if (handler === undefined) throw new Error(`the simulated GitHub has no ${route}`);
  return handler;
}

function writeOf(route: string): WriteKind {
  const name = route.replace("/repos/{owner}/{repo}", "");
  const kind = writeKinds.find((one) => one === name);
  if (kind === undefined) throw new Error(`step.ts does not list the write ${name}`);
  return kind;
}

function found<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw refused(404, "Not Found");
  return thing;
}

function refused(status: number, what: string): GitHubRefused {
  return new GitHubRefused({ what, where: "the simulated GitHub", next: "", status });
}

function wholeSecond(since: unknown): string {
  return `${String(since).slice(0, 19)}Z`;
}
