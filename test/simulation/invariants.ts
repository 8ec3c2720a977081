import { incidentPath, manifestsFolder, removalBranch } from "#domain/environment/paths.ts";
import { ranker } from "#test/support/world-texts.ts";
import { type CommitView, isHeld, sideOf, startedBy, triggerOf, weightOf } from "./commit-view.ts";
import { growsUnderRestraint, raisedTooSoon, verifiedTooSoon } from "./growth-invariants.ts";
import { atOdds, doubled, unanswered, unchecked, undone, unreported, wrongGroup } from "./rest-invariants.ts";
import type { Known, Rule } from "./rule.ts";
import type { Event } from "./simulated-world.ts";
import { obeysWrongly, restsOnNothing, unapproved } from "./trigger-invariants.ts";

export interface Violation {
  readonly number: number;
  readonly name: string;
  readonly what: string;
}

/** Judged for every event, before the ledger takes it in. */
const ofEvents: readonly Rule<Event>[] = [
  { number: 2, name: "no flow fails by itself", broken: failsByItself },
  { number: 2, name: "a push lands on what was read", broken: landsElsewhere },
  { number: 2, name: "a command is executed once", broken: executedTwice },
  { number: 2, name: "nothing is created on GitHub before Git knows it", broken: unknownToGit },
  { number: 8, name: "a rollback restores what was verified and is not held", broken: restoresWrongly },
];

/** Judged for every commit on the default branch, in each environment. */
const ofCommits: readonly Rule<CommitView>[] = [
  {
    number: 3,
    name: "a release is started only by an unedited command in time, a click or a merge, by whom policy names, of the head it means",
    broken: obeysWrongly,
  },
  { number: 3, name: "a release has the approvals that policy asks for", broken: unapproved },
  { number: 5, name: "a release rests on signed evidence that passed, or whose gate was set aside", broken: restsOnNothing },
  {
    number: 6,
    name: "exposure grows only by a start or a raise, without freeze or hold, under a policy that can be read",
    broken: growsUnderRestraint,
  },
  { number: 6, name: "exposure is raised only after a passed window at a weight seen live", broken: raisedTooSoon },
  { number: 6, name: "a version is verified only at 100 % and after a passed bake", broken: verifiedTooSoon },
  { number: 7, name: "manifests are safe to apply to an empty cluster", broken: unsafeWhenCold },
  { number: 8, name: "a rollback carries a hold and an incident", broken: stoppedWithoutHold },
  { number: 9, name: "a release starts at most once by its trigger", broken: startedTwice },
  { number: 9, name: "one release is open for a model and environment", broken: severalOpen },
  { number: 9, name: "an ended release is only history", broken: rewritesHistory },
  { number: 10, name: "people win", broken: overwritesPeople },
];

/** Judged once nothing goes on any more. */
const whenQuiet: readonly Rule<undefined>[] = [
  { number: 2, name: "reports, answers, issues and proposals are not doubled", broken: doubled },
  { number: 2, name: "the checks of a head say the same", broken: atOdds },
  { number: 2, name: "every command has its answer", broken: unanswered },
  { number: 2, name: "what is answered as done is in Git", broken: undone },
  { number: 2, name: "every open pull request has its check", broken: unchecked },
  { number: 5, name: "every merge group has its check, which passes only if the pull request does", broken: wrongGroup },
  { number: 2, name: "a stopped release has its incident", broken: unreported },
];

export function violationIn(event: Event, views: readonly CommitView[], known: Known): Violation | undefined {
  for (const { number, name, broken } of ofEvents) {
    const what = broken(event, known);
    if (what !== undefined) return { number, name, what };
  }
  for (const view of views) {
    for (const { number, name, broken } of ofCommits) {
      const what = broken(view, known);
      if (what !== undefined) return { number, name, what: `${view.environment}: ${what}` };
    }
  }
  return undefined;
}

export function violationAtRest(known: Known): Violation | undefined {
  for (const { number, name, broken } of whenQuiet) {
    const what = broken(undefined, known);
    if (what !== undefined) return { number, name, what };
  }
  return undefined;
}

function failsByItself(event: Event): string | undefined {
  return event.kind === "failure" ? `${event.task}: ${event.error}` : undefined;
}

function landsElsewhere(event: Event): string | undefined {
  if (event.kind !== "commit" || event.change === undefined || event.change.base === event.before.head) return undefined;
  return `read ${event.change.base}, landed on ${event.before.head}`;
}

function executedTwice(event: Event, { ledger }: Known): string | undefined {
  const command = event.kind === "commit" ? event.change?.trailers.command : undefined;
  return command !== undefined && ledger.executed.has(command) ? `comment ${command}` : undefined;
}

function unknownToGit(event: Event, { world }: Known): string | undefined {
  if (event.kind !== "created") return undefined;
  // A removal is of what is live, and of no release; the branch's own rule says when it may be.
  if (world.names.some((environment) => isRemoval(event.text, sideOf(world, event.environments, environment), environment)))
    return undefined;
  const [id] = /r-[0-9a-f]{16}/.exec(event.text) ?? [];
  return event.environments.texts.has(`.slipway/incidents/${id}.yaml`) ? undefined : `${event.what}: ${event.text.slice(0, 100)}`;
}

function isRemoval(text: string, { state }: ReturnType<typeof sideOf>, environment: Known["world"]["names"][number]): boolean {
  return state !== undefined && text.includes(removalBranch(environment, ranker, state.live.digest));
}

/** A route is proposed for removal only where nothing verified that is not held is left to go back to. */
function removesWrongly(event: Extract<Event, { readonly kind: "branch" }>, world: Known["world"]): string | undefined {
  for (const environment of world.names) {
    const { state } = sideOf(world, event.base, environment);
    if (state === undefined || event.name !== removalBranch(environment, ranker, state.live.digest)) continue;
    const left = state.verified.find(({ digest }) => digest !== state.live.digest && !isHeld(event.base, environment, digest));
    return left === undefined ? undefined : `${event.name} removes the route, and ${left.version} could be restored`;
  }
  return `${event.name} is of no live version`;
}

/** The branch of a rollback holds, byte for byte, the files of the newest version that was verified here, is not held and is not the one that goes. */
function restoresWrongly(event: Event, { world }: Known): string | undefined {
  if (event.kind !== "branch") return undefined;
  if (event.name.startsWith("slipway/remove-route/")) return removesWrongly(event, world);
  for (const environment of world.names) {
    const { state, open } = sideOf(world, event.base, environment);
    // After a retry there are several attempts, each with a branch of its own.
    if (open === null || state === undefined || event.name.replace(/-\d+$/, "") !== `slipway/rollback/${open.id}`) continue;
    const target = state.verified.find(({ digest }) => digest !== open.candidate.digest && !isHeld(event.base, environment, digest));
    if (target === undefined) return `${event.name} restores something, and nothing can be`;
    const folder = manifestsFolder(environment, ranker);
    const files = [...event.files].filter(([path]) => path.startsWith(folder));
    const same = files.length === Object.keys(target.files).length && files.every(([path, id]) => target.files[path] === id);
    return same ? undefined : `${event.name} does not hold the files of ${target.version}`;
  }
  return `${event.name} is of no open release`;
}

function unsafeWhenCold({ bySlipway, touches, after, before }: CommitView): string | undefined {
  if (!bySlipway || !touches) return undefined;
  const { backends } = after;
  if (backends.length === 0) return "the route has no backend";
  if (backends.some(({ digest }) => digest === undefined)) return "the route names a version that nothing serves";
  const sum = backends.reduce((total, { weight }) => total + weight, 0);
  if (sum !== 100) return `weights sum to ${sum}`;
  const { open } = after;
  if (open !== null && weightOf(after, open.candidate.digest) !== open.weight && before.open?.id === open.id && open.phase !== "stopping")
    return `the state says ${open.weight} %, the route ${weightOf(after, open.candidate.digest)} %`;
  return undefined;
}

function stoppedWithoutHold({ before, after, environment, bySlipway }: CommitView): string | undefined {
  const { open } = after;
  if (!bySlipway || open?.phase !== "stopping" || (before.open?.id === open.id && before.open.phase === "stopping")) return undefined;
  if (!isHeld(after.snapshot, environment, open.candidate.digest)) return `${open.candidate.version} is not held`;
  if (!after.snapshot.texts.has(incidentPath(open.id))) return `the incident of ${open.id} is not recorded`;
  const wasLive = before.state?.live.digest === open.candidate.digest;
  if (!wasLive && weightOf(after, open.candidate.digest) !== 0) return `${open.candidate.version} still has traffic`;
  return undefined;
}

function startedTwice(view: CommitView, { ledger }: Known): string | undefined {
  for (const record of startedBy(view)) {
    if (ledger.started.has(`${triggerOf(record)} in ${view.environment}`)) return triggerOf(record);
  }
  return undefined;
}

function severalOpen({ after }: CommitView): string | undefined {
  const open = [...after.records.values()].filter(({ outcome }) => outcome === null).map(({ id }) => id);
  const named = after.open === null ? [] : [after.open.id];
  return after.state === undefined || open.join() === named.join()
    ? undefined
    : `records say ${open.join() || "none"}, the state ${named.join() || "none"}`;
}

function rewritesHistory({ before, after }: CommitView): string | undefined {
  for (const [path, record] of before.records) {
    if (record.outcome === null) continue;
    if (after.snapshot.entries.get(path) !== before.snapshot.entries.get(path)) return path;
  }
  return undefined;
}

function overwritesPeople(view: CommitView, { ledger }: Known): string | undefined {
  const byItself = view.bySlipway && view.command === undefined && view.event.merged === undefined;
  return byItself && view.touches && ledger.edited.has(view.environment) ? view.event.change?.subject : undefined;
}
