import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { runCi } from "#sandbox/stage/ci.ts";
import { eventually } from "#sandbox/stage/eventually.ts";
import type { Check, Comment, Person } from "#sandbox/stage/person.ts";
import { Stage, type StageOptions } from "#sandbox/stage/stage.ts";

export const models = "acme/models";
export const environments = "acme/environments";

/** A stage in a folder of its own, with the App running. */
export async function appStage(options: Omit<StageOptions, "folder"> = {}): Promise<Stage> {
  const stage = await Stage.set({ folder: join(await mkdtemp(join(tmpdir(), "app-")), "stage"), ...options });
  try {
    await stage.startApp();
    return stage;
  } catch (error) {
    await stage.stop();
    throw error;
  }
}

/** Ends the stage and removes what it left behind; what was asked of GitHub and answered must have kept its description. */
export async function strike(stage: Stage | undefined): Promise<void> {
  if (stage === undefined) return;
  try {
    await stage.double.keptContract();
  } finally {
    await stage.stop();
    await rm(dirname(stage.folder), { recursive: true, force: true });
  }
}

/** Runs the trusted workflow on a pull request, with the real Action, and waits for the check to say so. */
export async function evaluated(
  stage: Stage,
  pull: { readonly number: number; readonly sha: string },
  title: string,
): ReturnType<typeof reported> {
  const { steps, conclusion } = await runCi(stage, { pullRequest: pull.number });
  if (conclusion !== "success") throw new Error(`the workflow failed: ${steps.map(({ stdout, stderr }) => stdout + stderr).join("\n")}`);
  return reported(stage, pull, title);
}

/** A pull request like another one: the same version, told apart only by its lineage; nothing has to be ranked anew. */
export async function proposedAgain(
  stage: Stage,
  like: string,
  branch: string,
): Promise<{ readonly number: number; readonly sha: string }> {
  const { models: checkout, people } = stage;
  await checkout.git("switch", "--quiet", "--force-create", branch, `origin/${like}`);
  await changeDefinition(stage, (text) => text.replace('code: "git:acme/models"', `code: "git:${branch}"`));
  const sha = await checkout.push(branch);
  return { number: (await people.maria.openPullRequest(models, { head: branch, title: branch })).number, sha };
}

const definition = "models/search-ranker/model.yaml";

/** Edits model.yaml in the ML engineer's checkout, without a commit. */
export async function changeDefinition({ models: checkout }: Stage, change: (text: string) => string): Promise<void> {
  await checkout.write(definition, change(await checkout.read(definition)));
}

/** The check and, where there is one, the comment of a head, once the check's title is about what is awaited. */
export async function reported(
  stage: Stage,
  pull: { readonly number: number; readonly sha: string },
  title: string | RegExp,
): Promise<{ readonly check: Check; readonly comment: string }> {
  let last: string | null | undefined;
  const fits = (text: string): boolean => (typeof title === "string" ? text.startsWith(title) : title.test(text));
  return eventually(`a check of #${pull.number} that says ${title}`, async () => {
    const check = (await stage.people.lee.checks(models, pull.sha)).find(({ name }) => name === "slipway");
    last = check?.output.title;
    if (check === undefined || !fits(last ?? "")) return undefined;
    const [comment] = await reportComments(stage, pull.number);
    // The comment is written after the check: it is awaited until it says the same.
    const words = (last ?? "").replace(/^[\w ]+: /, "").slice(0, 80);
    return plain(comment ?? "").includes(words) ? { check, comment: comment ?? "" } : undefined;
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}; its title is ${JSON.stringify(last)}`);
  });
}

/** What a reader sees of escaped Markdown. */
export function plain(markdown: string): string {
  const entities: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&#124;": "|", "&#36;": "$", "&amp;": "&" };
  return markdown.replaceAll(/\u200b|\\(?=[^\w\s])/g, "").replaceAll(/&(?:lt|gt|amp|#124|#36);/g, (entity) => entities[entity] ?? "");
}

/** Every comment on a pull request that has the report's marker, whoever wrote it. */
export async function reportComments(stage: Stage, number: number): Promise<readonly string[]> {
  const comments = await stage.people.lee.comments(models, number);
  return comments.filter(({ body }) => body.startsWith("<!-- slipway:report -->")).map(({ body }) => body);
}

export interface Asked {
  readonly id: number;
  readonly answer: string;
  readonly reactions: readonly string[];
}

/** Says something on a pull request and waits for the answer to it. */
export async function ask(person: Person, number: number, body: string): Promise<Asked> {
  return answerTo(person, number, await person.comment(models, number, body));
}

export async function answerTo(person: Person, number: number, said: Pick<Comment, "id">): Promise<Asked> {
  const answer = await eventually(`the answer to comment ${said.id}`, async () => (await answersTo(person, number, said.id))[0]);
  return { id: said.id, answer, reactions: await person.reactions(models, said.id) };
}

/** All answers to one comment: one, if Slipway does not double. */
export async function answersTo(person: Person, number: number, id: number): Promise<readonly string[]> {
  const marker = `<!-- slipway:answer ${id} -->\n`;
  const comments = await person.comments(models, number);
  return comments.filter(({ body }) => body.startsWith(marker)).map(({ body }) => body.slice(marker.length));
}

/** A call to GitHub as somebody, for what a {@link Person} does not do every day. */
export async function github(stage: Stage, token: string, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${stage.double.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.status === 204 ? undefined : response.json();
}

export async function tokenOf(stage: Stage, { login }: Person): Promise<string> {
  return (await stage.double.user(login)).token;
}

/** The App's commits in the environments repository that have a trailer of this value, newest first. */
export async function commitsWith(stage: Stage, trailer: string, value: string | number): Promise<readonly string[]> {
  const log = await (await stage.look()).git("log", "--format=%H", `--grep=^${trailer}: ${value}$`);
  return log.split("\n").filter((line) => line !== "");
}

const deliverySchema = z.array(
  z.looseObject({ id: z.number(), guid: z.string(), event: z.string(), action: z.string().nullable(), statusCode: z.number() }),
);

export async function deliveries(stage: Stage): Promise<z.infer<typeof deliverySchema>> {
  return deliverySchema.parse(await stage.double.ask("GET", "deliveries"));
}
