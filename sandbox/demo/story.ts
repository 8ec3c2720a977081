import type { Serving } from "#sandbox/stage/serving.ts";
import type { Stage } from "#sandbox/stage/stage.ts";
import type { Narrator } from "./narrator.ts";

/** What the acts share: the stage, the teller, and the pull requests so far. */
export interface Story {
  readonly stage: Stage;
  readonly narrator: Narrator;
  serving: Serving | undefined;
  /** Pull requests by what they are called in the story. */
  readonly memory: Map<string, { readonly number: number; readonly sha: string }>;
}

/** A pull request that an earlier act opened. */
export function remembered(story: Story, name: string): { readonly number: number; readonly sha: string } {
  const pull = story.memory.get(name);
  if (pull === undefined) throw new Error(`no act has opened the pull request "${name}"`);
  return pull;
}
