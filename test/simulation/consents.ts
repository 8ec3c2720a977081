import type { Digest, EnvironmentName } from "#domain/model/names.ts";
import type { CommitView } from "./commit-view.ts";
import { type Known, policyIn } from "./rule.ts";
import type { WrittenPolicy } from "./simulated-texts.ts";

/** A person's word that Slipway wrote down: it counts for one version, under one policy. */
interface Consent {
  readonly of: "approve" | "override";
  readonly environment: EnvironmentName;
  readonly digest: Digest;
  readonly policy: WrittenPolicy;
  readonly by: string;
}

/** Who agreed to what, told from the comments that Slipway carried out, not from what it wrote. */
export class Consents {
  readonly #given: Consent[] = [];

  add(view: CommitView, { world, people }: Pick<Known, "world" | "people">): void {
    const comment = world.github.comment(Number(view.command));
    const [, of] = /^\/slipway (approve|override)\b/.exec(comment?.body ?? "") ?? [];
    const digest = comment && people.pull(comment.pull)?.digest;
    const policy = policyIn(world, view);
    if (comment === undefined || digest === undefined || policy === undefined || (of !== "approve" && of !== "override")) return;
    this.#given.push({ of, environment: view.environment, digest, policy, by: comment.author });
  }

  /** Distinct people of the role, without the author. */
  people({ of, environment, digest, policy }: Omit<Consent, "by">, author: string): number {
    const given = this.#given.filter(
      (one) => one.of === of && one.environment === environment && one.digest === digest && one.policy === policy,
    );
    return new Set(given.map(({ by }) => by).filter((by) => by !== author && policy.approvers.includes(by))).size;
  }
}
