import type { CommentSituation } from "#domain/command/deploy-request.ts";
import type { Trigger } from "#domain/command/trigger.ts";
import type { PullRequestFacts } from "#ports/model-repository.ts";
import type { HeadReading } from "./read-head.ts";

/** A command, whatever set it off: a comment, a click, a merge. */
export interface Triggered<Command, By extends Trigger = Trigger> {
  readonly trigger: By;
  /** Who asked for it and when, as it is now; undefined when it is gone. */
  readonly current: () => Promise<CommentSituation | undefined>;
  readonly pull: PullRequestFacts;
  /** What was asked, as people are shown it. */
  readonly line: string;
  /** The line that asks for the same. */
  readonly typed: string;
  readonly command: Command;
  /** Whether a reading is not what a click was offered on any more. A comment means what it says. */
  readonly outdated?: (reading: HeadReading, pull: PullRequestFacts) => boolean;
}
