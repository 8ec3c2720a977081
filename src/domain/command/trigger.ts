import type { CommitSha, EnvironmentName, ModelName } from "#domain/model/names.ts";

/** What set a command off. Each starts one release at most, ever (invariant 9). */
export type Trigger =
  | { readonly kind: "comment"; readonly id: number }
  /** A click on a button of a check; the action names what it was offered on, so the same words are the same click. */
  | { readonly kind: "button"; readonly check: number; readonly action: string }
  /** One merge can set off a release in each environment and of each model. */
  | { readonly kind: "merge"; readonly commit: CommitSha; readonly environment: EnvironmentName; readonly model: ModelName };

/** As `Slipway-Command` says it; two triggers never read alike. */
export function printTrigger(trigger: Trigger): string {
  switch (trigger.kind) {
    case "comment":
      return String(trigger.id);
    case "button":
      return `check ${trigger.check} ${trigger.action}`;
    case "merge":
      return `merge ${trigger.commit} ${trigger.environment}/${trigger.model}`;
  }
}
