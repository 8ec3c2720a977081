import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Run } from "#domain/evaluation/report.ts";
import { queuedPullRequest } from "#domain/evidence/queued-pull-request.ts";
import { commitShaSchema, repositoryNameSchema } from "#domain/model/names.ts";
import { productVersion } from "#entry/product.ts";
import { ActionError } from "./action-io.ts";

const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, "a whole number")
  .transform(Number);

const environmentSchema = z.object({
  GITHUB_WORKSPACE: z.string().min(1),
  GITHUB_EVENT_NAME: z.string(),
  GITHUB_EVENT_PATH: z.string().min(1),
  GITHUB_REPOSITORY_ID: wholeNumber,
  GITHUB_RUN_ID: wholeNumber,
  GITHUB_RUN_ATTEMPT: wholeNumber,
});

const repositorySchema = z.object({ GITHUB_API_URL: z.url({ protocol: /^https?$/ }), GITHUB_REPOSITORY: repositoryNameSchema });

const pullRequestSchema = z.object({
  pull_request: z.object({
    number: z.number().int().positive(),
    head: z.object({ sha: commitShaSchema }),
    base: z.object({ sha: commitShaSchema }),
  }),
});

/** Of a merge queue: the pull request is the one that the group adds to those ahead of it. */
const mergeGroupSchema = z.object({
  merge_group: z.object({ head_sha: commitShaSchema, base_sha: commitShaSchema, head_ref: z.string() }),
});

/** The workflow run that the Action is a step of. */
export interface Job {
  readonly workspace: string;
  readonly id: number;
  readonly attempt: number;
}

/** Where this job's own repository is spoken to. */
export function readRepository(environment: Readonly<Record<string, string | undefined>>): {
  readonly apiUrl: string;
  readonly name: string;
} {
  const { GITHUB_API_URL, GITHUB_REPOSITORY } = parsed(repositorySchema, environment);
  return { apiUrl: GITHUB_API_URL, name: GITHUB_REPOSITORY };
}

export function readJob(environment: Readonly<Record<string, string | undefined>>): Job {
  const { GITHUB_WORKSPACE, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT } = environmentOf(environment);
  return { workspace: GITHUB_WORKSPACE, id: GITHUB_RUN_ID, attempt: GITHUB_RUN_ATTEMPT };
}

/** What the event says of the pull request; the reports carry it, and the App compares it with what GitHub says of the run. */
export async function readRun(environment: Readonly<Record<string, string | undefined>>): Promise<Run> {
  const set = environmentOf(environment);
  const proposed = proposedBy(await eventIn(set.GITHUB_EVENT_PATH));
  if (proposed === undefined) {
    throw new ActionError(
      `The Action evaluates pull requests, and this run's event is ${JSON.stringify(set.GITHUB_EVENT_NAME)}: start it on pull_request or merge_group.`,
    );
  }
  return {
    repository: set.GITHUB_REPOSITORY_ID,
    ...proposed,
    id: set.GITHUB_RUN_ID,
    attempt: set.GITHUB_RUN_ATTEMPT,
    engine: `slipway ${productVersion()}`,
  };
}

function proposedBy(event: unknown): Pick<Run, "pullRequest" | "head" | "base"> | undefined {
  const pull = pullRequestSchema.safeParse(event);
  if (pull.success) {
    const { number, head, base } = pull.data.pull_request;
    return { pullRequest: number, head: head.sha, base: base.sha };
  }
  const group = mergeGroupSchema.safeParse(event);
  const pullRequest = group.success ? queuedPullRequest(group.data.merge_group.head_ref) : undefined;
  if (!group.success || pullRequest === undefined) return undefined;
  const { head_sha, base_sha } = group.data.merge_group;
  return { pullRequest, head: head_sha, base: base_sha };
}

function environmentOf(environment: Readonly<Record<string, string | undefined>>): z.infer<typeof environmentSchema> {
  return parsed(environmentSchema, environment);
}

function parsed<Shape extends z.ZodType>(shape: Shape, environment: Readonly<Record<string, string | undefined>>): z.infer<Shape> {
  const read = shape.safeParse(environment);
  if (read.success) return read.data;
  const names = [...new Set(read.error.issues.map((issue) => String(issue.path[0])))];
  throw new ActionError(`This is not a job of GitHub Actions: ${names.join(", ")} ${names.length === 1 ? "is" : "are"} missing or wrong.`);
}

async function eventIn(path: string): Promise<unknown> {
  try {
    const event: unknown = JSON.parse(await readFile(path, "utf8"));
    return event;
  } catch (cause) {
    throw new ActionError("GITHUB_EVENT_PATH names no readable event.", { cause });
  }
}
