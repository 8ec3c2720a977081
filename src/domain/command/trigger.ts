import type { CommitSha, EnvironmentName, Login, ModelName } from "#domain/model/names.ts";

/** What set a command off. Each starts one release at most, ever (invariant 9). */
export type Trigger =
  | { readonly kind: "comment"; readonly id: number }
  /**
   * A click on a button of a check; the action names what it was offered on, so the same words are the same click. `by` is there where each
   * person's click counts by itself: consents of two people are two.
   */
  | { readonly kind: "button"; readonly check: number; readonly action: string; readonly by?: Login }
  /** One merge can set off a release in each environment and of each model. */
  | { readonly kind: "merge"; readonly commit: CommitSha; readonly environment: EnvironmentName; readonly model: ModelName };

/** What a person asks for: a comment or a click. */
export type AskedTrigger = Exclude<Trigger, { readonly kind: "merge" }>;

/** As `Slipway-Command` says it; two triggers never read alike. */
export function printTrigger(trigger: Trigger): string {
  switch (trigger.kind) {
    case "comment":
      return String(trigger.id);
    case "button":
      return `check ${trigger.check} ${trigger.action}${trigger.by === undefined ? "" : ` ${trigger.by}`}`;
    case "merge":
      return `merge ${trigger.commit} ${trigger.environment}/${trigger.model}`;
  }
}

/** As the record of a release says it. */
export function recordedTrigger(trigger: Trigger) {
  switch (trigger.kind) {
    case "comment":
      return { command: trigger.id };
    case "button":
      return { button: { check: trigger.check, action: trigger.action } };
    case "merge":
      return { merge: trigger.commit };
  }
}

/** As a consent says it: the comment's number, or the click's words. */
export function consentedBy(trigger: AskedTrigger): number | string {
  return trigger.kind === "comment" ? trigger.id : printTrigger(trigger);
}
