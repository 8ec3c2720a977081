import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { eventually } from "#sandbox/stage/eventually.ts";
import type { Check, Comment, Person } from "#sandbox/stage/person.ts";
import type { Stage } from "#sandbox/stage/stage.ts";
import type { Story } from "./story.ts";

const models = "acme/models";
const wholeSecond = 1100;

/** The check and the comment of a head, once they are about what is awaited. */
export async function report(
  story: Story,
  number: number,
  sha: string,
  fits: (body: string, check: Check) => boolean,
): Promise<{ readonly check: Check; readonly comment: Comment }> {
  const { lee } = story.stage.people;
  return eventually(`the report on pull request #${number}`, async () => {
    const check = (await lee.checks(models, sha)).find(({ name }) => name === "slipway");
    const comment = (await lee.comments(models, number)).find(({ body }) => body.startsWith("<!-- slipway:report -->"));
    return check !== undefined && comment !== undefined && fits(comment.body, check) ? { check, comment } : undefined;
  });
}

/** Says something on a pull request and waits for Slipway's answer to it. */
export async function command(
  person: Person,
  number: number,
  line: string,
): Promise<{ readonly answer: string; readonly reactions: readonly string[] }> {
  await pause(wholeSecond); // GitHub's times are whole seconds, and a short commit counts only when it was evaluated before the comment
  const said = await person.comment(models, number, line);
  const answer = await eventually(`the answer to "${line}"`, async () =>
    (await person.comments(models, number)).find(({ body }) => body.startsWith(`<!-- slipway:answer ${said.id} -->`)),
  );
  return { answer: withoutMarker(answer.body), reactions: await person.reactions(models, said.id) };
}

/** Keeps a rendered text for the reader. */
export async function keep(stage: Stage, name: string, text: string): Promise<void> {
  const file = join(stage.folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text.endsWith("\n") ? text : `${text}\n`);
}

export function withoutMarker(body: string): string {
  return body.replace(/^<!--.*?-->\s*/, "");
}

/** A comment up to what it folds away, for the terminal. */
export function beginning(body: string): string {
  return withoutMarker(body).split("<details>")[0]?.trimEnd() ?? "";
}

/** Waits for a step of the newest release to be in Git; answers its commit. */
export async function stepInGit(stage: Stage, step: string, after?: string, patience = 60_000): Promise<string> {
  let seen: string | undefined;
  return eventually(
    `a commit with Slipway-Step: ${step}`,
    async () => {
      const tip = await stage.tip();
      if (tip === seen) return undefined;
      seen = tip;
      const environments = await stage.look();
      const range = after === undefined ? "HEAD" : `${after}..HEAD`;
      const found = await environments.git("log", "-1", `--grep=^Slipway-Step: ${step}$`, "--format=%H", range);
      return found === "" ? undefined : found;
    },
    patience,
  );
}

/** The judged steps of the newest release record. */
export async function releaseSteps(stage: Stage): Promise<string> {
  const environments = await stage.look();
  const path = await environments.git("log", "-1", "--format=", "--name-only", "--", ".slipway/releases/");
  const text = await environments.read(path.trim());
  return text.slice(text.indexOf("\nsteps:\n") + 1);
}
