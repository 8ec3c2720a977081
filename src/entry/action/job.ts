import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Run } from "#domain/evaluation/report.ts";
import { commitShaSchema } from "#domain/model/names.ts";
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

const pullRequestSchema = z.object({
  pull_request: z.object({
    number: z.number().int().positive(),
    head: z.object({ sha: commitShaSchema }),
    base: z.object({ sha: commitShaSchema }),
  }),
});

/** The workflow run that the Action is a step of. */
export interface Job {
  readonly workspace: string;
  readonly id: number;
  readonly attempt: number;
}

export function readJob(environment: Readonly<Record<string, string | undefined>>): Job {
  const { GITHUB_WORKSPACE, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT } = environmentOf(environment);
  return { workspace: GITHUB_WORKSPACE, id: GITHUB_RUN_ID, attempt: GITHUB_RUN_ATTEMPT };
}

/** What the event says of the pull request; the reports carry it, and the App compares it with what GitHub says of the run. */
export async function readRun(environment: Readonly<Record<string, string | undefined>>): Promise<Run> {
  const set = environmentOf(environment);
  const event = pullRequestSchema.safeParse(await eventIn(set.GITHUB_EVENT_PATH));
  if (!event.success) {
    throw new ActionError(
      `The Action evaluates pull requests, and this run's event is ${JSON.stringify(set.GITHUB_EVENT_NAME)}: start it on pull_request.`,
    );
  }
  const { number, head, base } = event.data.pull_request;
  return {
    repository: set.GITHUB_REPOSITORY_ID,
    pullRequest: number,
    head: head.sha,
    base: base.sha,
    id: set.GITHUB_RUN_ID,
    attempt: set.GITHUB_RUN_ATTEMPT,
    engine: `slipway ${productVersion()}`,
  };
}

function environmentOf(environment: Readonly<Record<string, string | undefined>>): z.infer<typeof environmentSchema> {
  const parsed = environmentSchema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const names = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
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
