import type { Instant } from "#domain/model/time.ts";
import type { Decision } from "#domain/rollout/decide.ts";

/** What came of looking at a release once. `wakeAt`: when to look again; null: at the next resync. */
export interface Advance {
  readonly kind: Decision["kind"] | "no-release" | "unreadable" | "refused";
  readonly message: string;
  readonly wakeAt: Instant | null;
}
