import { stateIn } from "#domain/environment/read-snapshot.ts";
import { short } from "#domain/model/names.ts";
import { answerComment } from "#flows/answer-comment.ts";
import { measured } from "#test/support/judging.ts";
import { type Pull, type RunOptions, type TestWorld, testWorld, type WorldOptions } from "#test/support/world.ts";
import { production, ranker } from "#test/support/world-texts.ts";

/** A pull request whose head passes, and the line that deploys it. */
export async function passing(options: WorldOptions = {}, run: RunOptions = {}): Promise<{ w: TestWorld; pull: Pull; line: string }> {
  const w = await testWorld(options);
  const pull = w.propose();
  await measured(w, pull, run);
  return { w, pull, line: lineFor(pull) };
}

export function lineFor({ head }: Pull): string {
  return `/slipway deploy production @${short(head)}`;
}

/** What is answered to a comment, and whether anything was written. */
export async function ask(w: TestWorld, pull: Pull, body: string, author = "lee"): Promise<string> {
  const comment = w.say(pull, body, author);
  await answerComment(w.world, w.models, comment.id);
  return w.conversation.answersTo(comment.id).join("\n");
}

export const headOf = async (w: TestWorld) => (await w.environments.snapshot()).head;

/** The release that Git says is open in production; null when none is. */
export async function openRelease(w: TestWorld) {
  const state = stateIn(await w.environments.snapshot(), production, ranker);
  return state?.kind === "ok" ? state.value.release : undefined;
}
