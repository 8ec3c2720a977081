import { manifestsFolder, statePath } from "#domain/environment/paths.ts";
import type { EnvironmentName } from "#domain/model/names.ts";
import { ranker } from "#test/support/world-texts.ts";
import { type CommitView, isHeld, startedBy, triggerOf, viewsOf } from "./commit-view.ts";
import { Consents } from "./consents.ts";
import type { PeoplesWork } from "./peoples-work.ts";
import type { Event, SimulatedWorld } from "./simulated-world.ts";

/** What a history has shown so far that no single commit shows. */
export class Ledger {
  /** Commits by the command that they say they execute. */
  readonly executed = new Map<string, number>();
  /** Commits that opened a release, by its trigger and environment. */
  readonly started = new Map<string, number>();
  /** Environments whose files or state a person wrote last. */
  readonly edited = new Set<EnvironmentName>();
  /** Those of them whose state a person wrote last. */
  readonly #stateEdited = new Set<EnvironmentName>();
  readonly consents = new Consents();

  /** Takes in what happened after it was judged. */
  add(world: SimulatedWorld, people: PeoplesWork, event: Event, views: readonly CommitView[]): void {
    if (event.kind !== "commit") return;
    const command = event.change?.trailers.command;
    if (command !== undefined) this.executed.set(command, (this.executed.get(command) ?? 0) + 1);
    for (const view of views) {
      this.consents.add(view, { world, people });
      for (const record of startedBy(view)) {
        const key = `${triggerOf(record)} in ${view.environment}`;
        this.started.set(key, (this.started.get(key) ?? 0) + 1);
      }
      if (!view.touches) continue;
      this.#attribute(world, view);
      countReached(world, view);
    }
  }

  #attribute(world: SimulatedWorld, view: CommitView): void {
    const { environment, event, bySlipway } = view;
    if (event.merged !== undefined) {
      // A rollback's branch restores the model's files and leaves the state alone: what a person wrote there still stands after the merge.
      if (mergedAsItWas(world, view) && !this.#stateEdited.has(environment)) this.edited.delete(environment);
      else this.edited.add(environment);
      return;
    }
    const state = statePath(environment, ranker);
    if (bySlipway) this.edited.delete(environment);
    else this.edited.add(environment);
    if (event.before.entries.get(state) === event.after.entries.get(state)) return;
    if (bySlipway) this.#stateEdited.delete(environment);
    else this.#stateEdited.add(environment);
  }
}

/** What histories came to, so that a simulation that gets nowhere is seen. */
function countReached({ tally }: SimulatedWorld, { before, after, environment }: CommitView): void {
  for (const [path, { outcome }] of after.records) {
    if (outcome !== null && before.records.get(path)?.outcome === null) tally.add("releases", outcome.kind);
  }
  const { open } = after;
  if (open === null) return;
  tally.add("releases", open.phase);
  if (open.phase === "progressing") tally.add("releases", `${open.weight} %`);
  if (isHeld(after.snapshot, environment, open.candidate.digest)) tally.add("releases", "held");
}

/** A merge of Slipway's own branch counts as Slipway's where the owned files equal the branch's (invariant 10). */
function mergedAsItWas(world: SimulatedWorld, { event, environment }: CommitView): boolean {
  const tip = event.merged === undefined ? undefined : world.environments.tip(event.merged);
  if (tip === undefined) return false;
  const theirs = world.environments.filesAt(tip);
  const paths = [...theirs.keys(), ...event.after.entries.keys()].filter((path) => path.startsWith(manifestsFolder(environment, ranker)));
  return paths.every((path) => theirs.get(path) === event.after.entries.get(path));
}

/** The views of every commit among some events. */
export function commitViews(world: SimulatedWorld, event: Event): readonly CommitView[] {
  return event.kind === "commit" ? viewsOf(world, event) : [];
}
