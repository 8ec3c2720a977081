import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { EnvironmentName } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import { type ActiveFreeze, activeFreezes } from "#domain/policy/freeze.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { freezeFilesIn } from "./read-snapshot.ts";

/** The freeze that stops exposure from growing in an environment now, as the environments repository says it: the policy's first; null when nothing freezes. */
export function freezeInForce(
  snapshot: EnvironmentsSnapshot,
  policy: Policy,
  environment: EnvironmentName,
  now: Instant,
): ActiveFreeze | null {
  const freezes = { windows: policy.freezes, calendars: snapshot.texts, files: freezeFilesIn(snapshot) };
  return activeFreezes(freezes, environment, now)[0] ?? null;
}
