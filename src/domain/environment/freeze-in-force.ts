import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { Digest, EnvironmentName, ModelName } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import { type ActiveFreeze, activeFreezes } from "#domain/policy/freeze.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { policyBlob } from "./approval.ts";
import { freezeSetAside } from "./override.ts";
import { freezeFilesIn, overridesOf } from "./read-snapshot.ts";

/** The same for one version: a freeze whose role set it aside for that version does not count. */
export function freezeOn(
  snapshot: EnvironmentsSnapshot,
  policy: Policy,
  environment: EnvironmentName,
  now: Instant,
  version: { readonly model: ModelName; readonly digest: Digest },
): ActiveFreeze | null {
  const overrides = overridesOf(snapshot, version.model, version.digest);
  const blob = policyBlob(snapshot);
  const stands = ({ name, overriddenBy }: ActiveFreeze): boolean =>
    overriddenBy === null || blob === undefined || !freezeSetAside(overrides, name, environment, blob);
  return freezesIn(snapshot, policy, environment, now).find(stands) ?? null;
}

/** The freeze that stops exposure from growing in an environment now, as the environments repository says it: the policy's first; null when nothing freezes. */
export function freezeInForce(
  snapshot: EnvironmentsSnapshot,
  policy: Policy,
  environment: EnvironmentName,
  now: Instant,
): ActiveFreeze | null {
  return freezesIn(snapshot, policy, environment, now)[0] ?? null;
}

/** Every freeze in force in an environment, the policy's first. */
export function freezesIn(
  snapshot: EnvironmentsSnapshot,
  policy: Policy,
  environment: EnvironmentName,
  now: Instant,
): readonly ActiveFreeze[] {
  return activeFreezes({ windows: policy.freezes, calendars: snapshot.texts, files: freezeFilesIn(snapshot) }, environment, now);
}
