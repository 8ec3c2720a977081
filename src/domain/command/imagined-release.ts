import { type EnvironmentState, environmentStateSchema } from "#domain/environment/state.ts";
import { commitShaSchema, type EnvironmentName, type ModelName, versionRefSchema } from "#domain/model/names.ts";
import { addMilliseconds, type Instant } from "#domain/model/time.ts";
import { type ReleaseRecord, releaseRecordSchema } from "#domain/rollout/release.ts";
import type { ReleaseStanding } from "./release-request.ts";

/** How the one release of a model stands where somebody imagines a command. */
export interface Situation {
  readonly phase: "none" | "progressing" | "paused" | "stopping";
  /** A person paused it, where else Slipway did. */
  readonly byPerson?: true;
  /** Somebody else than Slipway wrote the files last. */
  readonly edited?: true;
  /** The version on its way is held. */
  readonly held?: true;
  /** What is live is held as well. */
  readonly liveHeld?: true;
  /** No version but the live one was verified there. */
  readonly nothingOlder?: true;
  /** Its rollback pull request. */
  readonly proposal?: "open" | "merged" | "closed";
}

const day = 86_400_000;
export const onItsWay = versionRefSchema.parse({ version: "on-its-way", digest: `sha256:${"1".repeat(64)}` });
const older = versionRefSchema.parse({ version: "older", digest: `sha256:${"0".repeat(64)}` });
const ids = { onItsWay: "r-1111111111111111", live: "r-2222222222222222" } as const;
const edit = { by: "Alex Person in ffffffffffff", commit: commitShaSchema.parse("f".repeat(40)) };
const pullRequest = { repository: "imagined/models", number: 2, head: "e".repeat(40) } as const;

/** The state that Git would hold, where this version is live and was verified long ago. */
export function imaginedState(
  { environment, model, live, at }: { environment: EnvironmentName; model: ModelName; live: typeof older; at: Instant },
  situation: Situation,
): EnvironmentState {
  const ago = (days: number) => addMilliseconds(at, -days * day);
  const verified = (version: typeof older, release: string | null, days: number) => ({ ...version, release, at: ago(days), files: {} });
  return environmentStateSchema.parse({
    schema: "slipway/state/v1",
    environment,
    model,
    live: { ...live, since: ago(365) },
    verified: [verified(live, ids.live, 365), ...(situation.nothingOlder ? [] : [verified(older, null, 400)])],
    release: openIn(situation, ago),
  });
}

function openIn({ phase, byPerson }: Situation, ago: (days: number) => Instant): unknown {
  const open = { id: ids.onItsWay, candidate: onItsWay, pullRequest, step: 0, weight: 5, weightSetAt: ago(2), liveSince: ago(2) };
  switch (phase) {
    case "none":
      return null;
    case "progressing":
      return { phase, ...open };
    case "paused":
      return { phase, ...open, pausedAt: ago(1), reason: "imagined", ...(byPerson && { by: "somebody" }) };
    case "stopping":
      return { phase, ...open, weight: 0, stoppedAt: ago(1), reason: "imagined" };
  }
}

/** What Git and GitHub would show around that state. */
export function imaginedStanding(state: EnvironmentState, { edited, proposal }: Situation): ReleaseStanding {
  return {
    state,
    open: state.release,
    record: recordOf(state),
    edit: edited ? edit : undefined,
    proposal: proposal && { number: 1, state: proposal },
  };
}

function recordOf({ environment, model, live, release }: EnvironmentState): ReleaseRecord {
  const at = release?.weightSetAt ?? live.since;
  return releaseRecordSchema.parse({
    schema: "slipway/release/v1",
    id: release === null ? ids.live : release.id,
    environment,
    model,
    namespace: environment,
    trigger: { command: 1, by: "somebody", at },
    pullRequest,
    candidate: { version: live.version, digest: live.digest, ...release?.candidate },
    artifact: "imagined",
    baseline: older,
    evidence: `sha256:${"a".repeat(64)}`,
    policy: "e".repeat(40),
    plan: {
      rollout: { serving: { image: "imagined" }, steps: [{ weight: 5, window: "30m" }], bake: "24h" },
      objectives: [],
    },
    startedAt: at,
    steps: [],
    outcome: null,
  });
}
