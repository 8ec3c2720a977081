import { type Lock, parseLock } from "#domain/environment/lock.ts";
import { locksFolder } from "#domain/environment/paths.ts";
import { describe, locksIn, policyIn, statesIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { EnvironmentState } from "#domain/environment/state.ts";
import { type Instant, millisecondsBetween, printDuration } from "#domain/model/time.ts";
import { type Finding, ok, problem } from "./finding.ts";

const hour = 3_600_000;
const day = 24 * hour;

/** After so long a release in a phase waits for somebody: a rollback for its pull request, a weight for the cluster, a pause for a person. */
const longest = { stopping: hour, notLive: hour, paused: 7 * day } as const;

/** A lock that no pull request frees is forgotten after so long. */
const longestLock = 14 * day;

export function policyFinding(snapshot: EnvironmentsSnapshot): Finding {
  const policy = policyIn(snapshot);
  return policy.kind === "ok"
    ? ok("policy", `the policy can be read: ${policy.value.environments.map(({ name }) => name).join(", ")}`)
    : problem(
        "policy",
        `the policy cannot be read, so nothing grows: ${describe(policy.problems)}`,
        "A platform engineer mends .slipway/policy.yaml; `slipway validate` shows where.",
      );
}

export function releaseFindings(snapshot: EnvironmentsSnapshot, now: Instant): readonly Finding[] {
  const states = statesIn(snapshot);
  const unreadable = states.flatMap((state) =>
    state.kind === "ok"
      ? []
      : [
          problem(
            "releases",
            `a state cannot be read: ${describe(state.problems)}`,
            "Restore the file from its history: git log -- <file>.",
          ),
        ],
  );
  const readable = states.flatMap((state) => (state.kind === "ok" ? [state.value] : []));
  const stuck = readable.flatMap((state) => stuckFinding(state, now));
  const open = readable.filter(({ release }) => release !== null).length;
  return unreadable.length + stuck.length > 0
    ? [...unreadable, ...stuck]
    : [ok("releases", `${open} open of ${readable.length} models, none stuck`)];
}

function stuckFinding({ environment, model, release }: EnvironmentState, now: Instant): readonly Finding[] {
  if (release === null) return [];
  const what = `${model} ${release.candidate.version} in ${environment}`;
  const on = `on ${release.pullRequest.repository}#${release.pullRequest.number}`;
  switch (release.phase) {
    case "stopping":
      return late(release.stoppedAt, longest.stopping, now, (since) =>
        problem("releases", `${what} is being rolled back for ${since}`, `Merge its rollback pull request, or ask ${on}: /slipway status.`),
      );
    case "paused":
      return late(release.pausedAt, longest.paused, now, (since) =>
        problem("releases", `${what} is paused for ${since}: ${release.reason}`, `Decide ${on}: /slipway resume, abort or rollback.`),
      );
    case "progressing":
      return release.liveSince !== null
        ? []
        : late(release.weightSetAt, longest.notLive, now, (since) =>
            problem(
              "releases",
              `${what} waits for ${since} for the cluster to serve ${release.weight} %`,
              "Check that Argo CD or Flux syncs the environments repository.",
            ),
          );
  }
}

/** @param closed whether the pull request that would free a lock is closed */
export function lockFindings(snapshot: EnvironmentsSnapshot, closed: (lock: Lock) => boolean, now: Instant): readonly Finding[] {
  const locks = locksIn(snapshot);
  const stale = locks.flatMap((lock) => {
    const what = `${lock.model} in ${lock.environment} is locked by ${lock.by}`;
    if (closed(lock))
      return [
        problem(
          "locks",
          `${what} for a pull request that is closed`,
          "The next resync frees it; if it does not, look for a refused push in the App's log.",
        ),
      ];
    if (lock.pullRequest !== null) return [];
    return late(lock.at, longestLock, now, (since) =>
      problem(
        "locks",
        `${what} for ${since}, and no pull request frees it`,
        `Ask ${lock.by}, or: /slipway unlock ${lock.environment} --model ${lock.model}.`,
      ),
    );
  });
  const unreadable = [...snapshot.texts].flatMap(([path, text]) =>
    path.startsWith(locksFolder) && parseLock(text, path).kind === "invalid"
      ? [problem("locks", `${path} cannot be read, and locks all the same`, `Mend or remove it: git log -- ${path}.`)]
      : [],
  );
  const found = [...unreadable, ...stale];
  return found.length > 0 ? found : [ok("locks", `${locks.length} locks, none stale`)];
}

function late(since: Instant, limit: number, now: Instant, found: (since: string) => Finding): readonly Finding[] {
  const passed = millisecondsBetween(since, now);
  const unit = passed >= day ? day : hour;
  return passed > limit ? [found(printDuration(Math.floor(passed / unit) * unit))] : [];
}
