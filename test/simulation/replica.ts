import { conversation } from "#adapters/github/conversation.ts";
import { GitHubRateLimited } from "#adapters/github/github-unavailable.ts";
import { incidents } from "#adapters/github/incidents.ts";
import { proposals } from "#adapters/github/proposals.ts";
import { reports } from "#adapters/github/reports.ts";
import { repositoryNameSchema } from "#domain/model/names.ts";
import { addMilliseconds, type Instant } from "#domain/model/time.ts";
import type { Member } from "#entry/fleet.ts";
import { Lanes } from "#entry/lanes.ts";
import { Work } from "#entry/work.ts";
import { RefusedEvidence } from "#flows/refused-evidence.ts";
import type { ModelWorld, World } from "#flows/world.ts";
import type { BranchOutcome } from "#ports/environments-repository.ts";
import { fakeAttestations } from "#test/support/fakes/attestations.ts";
import { fakeSlipway } from "#test/support/fakes/environments-repository.ts";
import { cachedTemplates } from "./cached-templates.ts";
import { Dead, isCaused, unavailable } from "./caused-errors.ts";
import { verbIn } from "./command-lines.ts";
import { type Draws, draws } from "./draws.ts";
import { candidates, everyVersion } from "./simulated-texts.ts";
import type { Hint, SimulatedWorld } from "./simulated-world.ts";
import type { Fault, ReplicaNumber, WriteKind } from "./step.ts";

const modelsRepository = { id: 1, name: repositoryNameSchema.parse("acme/models") };
const environmentsName = repositoryNameSchema.parse("acme/environments");

/** One process of the App: its own memory and clock, the world of all. What it does is done by the App's own work, lanes, flows and adapters. */
export class Replica {
  readonly #world: SimulatedWorld;
  readonly #number: ReplicaNumber;
  readonly #skew: number;
  #fault: Fault | null = null;
  /** Calls that the fault counts, since it was armed. */
  #calls = 0;
  #pace: Draws | null = null;
  #process: Process;

  constructor(world: SimulatedWorld, number: ReplicaNumber, skew: number) {
    this.#world = world;
    this.#number = number;
    this.#skew = skew;
    this.#process = this.#start();
  }

  /** From now on, until the next call of this, that goes wrong, and each call takes as long as `order` says. */
  arm(fault: Fault | null, order: number | null = null): void {
    this.#fault = fault;
    this.#calls = 0;
    this.#pace = order === null ? null : draws(order);
  }

  /** A new process on the same world, which begins as any does. */
  restart(): void {
    this.#process.state.dead = true;
    this.#process = this.#start();
    this.#process.work.resync();
  }

  get dead(): boolean {
    return this.#process.state.dead;
  }

  resync(): void {
    this.#process.work.resync();
  }

  hear(hint: Hint): void {
    const { work } = this.#process;
    const { id, name } = modelsRepository;
    switch (hint.about) {
      case "pull":
        return work.pullRequestChanged(id, hint.number);
      case "closed":
        return work.pullRequestClosed(id);
      case "comment":
        return work.commented(id, hint.id);
      case "run":
        return work.runFinished(id, hint.id, hint.attempt);
      case "queued":
        return work.mergeQueued(id);
      case "click":
        return work.clicked(id, hint.click);
      case "push to models":
        return work.pushed(name, id, []);
      case "push to environments":
        return work.pushed(environmentsName, 2, hint.changed);
    }
  }

  /** Rings what is due. */
  ring(): void {
    const { alarms } = this.#process;
    const now = this.#world.clock.now();
    const due = [...alarms].filter(([, { at }]) => at <= now);
    for (const [name, { ring }] of due) {
      alarms.delete(name);
      ring();
    }
  }

  /** When the next alarm rings; undefined when none is set. */
  nextAlarm(): Instant | undefined {
    return [...this.#process.alarms.values()].map(({ at }) => at).toSorted()[0];
  }

  #now(): Instant {
    return this.#skew === 0 ? this.#world.clock.now() : addMilliseconds(this.#world.clock.now(), this.#skew);
  }

  #start(): Process {
    const alarms: Process["alarms"] = new Map();
    const state = { dead: false };
    const { events, clock } = this.#world;
    const port: Port = (what, call, more) => this.#call(state, what, call, more);
    const world = this.#worldOf(port);
    const member: Member = { ...modelsRepository, world, models: this.#modelsOf(port) };
    const fleet = {
      members: [member],
      worlds: [world],
      memberOf: (id: number) => (id === member.id ? member : undefined),
      worldNamed: (name: string) => (name === world.repository ? world : undefined),
      refresh: async () => undefined,
    };
    const lanes = new Lanes(({ key }, error) => {
      if (!isCaused(error))
        events.push({ kind: "failure", task: key, error: error instanceof Error ? String(error.stack) : String(error) });
    });
    const work = new Work(fleet, lanes, {
      set: (name, milliseconds, ring) => void alarms.set(name, { at: addMilliseconds(clock.now(), Math.max(0, milliseconds)), ring }),
      clear: () => alarms.clear(),
    });
    return { state, alarms, work };
  }

  async #call<Result>(
    state: { dead: boolean },
    what: WriteKind | null,
    call: () => Result,
    { refused = call, command }: Refusable<Result> = {},
  ): Promise<Awaited<Result>> {
    for (let turns = this.#pace?.whole(slowest) ?? 0; turns > 0; turns -= 1) await Promise.resolve();
    if (state.dead) throw new Dead();
    const fault = this.#struck(what, command);
    switch (fault) {
      case "none":
        return await call();
      case "push refused":
        return await refused();
      case "dies before":
        state.dead = true;
        throw new Dead();
      case "down before":
        throw unavailable();
      case "limited":
        throw new GitHubRateLimited({ what: "limits our rate", where: "the simulated GitHub", next: "", status: 403 }, 60_000);
      case "dies after":
        await call();
        state.dead = true;
        throw new Dead();
      case "down after":
        await call();
        throw unavailable();
      case "overtaken by a push":
        this.#world.editByHand(this.#world.environmentAt(0), "elsewhere");
        return await call();
      case "overtaken by an edit":
        this.#world.editByHand(this.#world.environmentAt(0), "route");
        return await call();
      case "overtaken by a freeze":
        this.#world.freeze();
        return await call();
      case "overtaken by a hold":
        this.#world.hold(this.#world.environmentAt(0), everyVersion.indexOf(candidates[0]));
        return await call();
    }
  }

  /** What goes wrong with this call, and that it does is counted. */
  #struck(what: WriteKind | null, command: string | undefined): Fault["how"] | "none" {
    const { tally, github } = this.#world;
    if (what !== null) tally.add(what, "tried");
    const armed = this.#fault;
    if (armed === null || (armed.at === "read") !== (what === null) || (armed.of !== null && armed.of !== what)) return "none";
    this.#calls += 1;
    if (armed.nth !== this.#calls) return "none";
    tally.add("faults", armed.how);
    tally.add(what ?? "reads", armed.how);
    if (command !== undefined) tally.add(verbIn(github.comment(Number(command))?.body ?? command), armed.how);
    return armed.how;
  }

  #worldOf(port: Port): World {
    const { environments, evidence, metrics, provenance, github, ...world } = this.#world;
    const by = this.#number;
    const access = github.access((what, call) => port(what, () => world.mergingAs(by, call)));
    return {
      environments: {
        snapshot: reading(port, environments.snapshot),
        read: reading(port, environments.read),
        history: reading(port, environments.history),
        commit: (change) =>
          port("git push", () => world.commits(by, this.#now(), () => environments.commit(change), { change }), {
            refused: async () => refusal,
            command: change.trailers.command,
          }),
        branch: (name, change) =>
          port(
            "git push of a branch",
            async (): Promise<BranchOutcome> => {
              const base = environments.current();
              const outcome = await environments.branch(name, change);
              if (outcome.kind === "created") world.branchPushed(name, base, outcome.commit);
              return outcome;
            },
            { refused: async () => refusal },
          ),
      },
      evidence: {
        append: (entry) => port("git push of evidence", () => evidence.append(entry)),
        read: reading(port, evidence.read),
        looks: reading(port, evidence.looks),
      },
      proposals: proposals(access, { repository: environmentsName, base: "main" }),
      incidents: incidents(access, environmentsName),
      metrics: { count: reading(port, metrics.count), firstBad: reading(port, metrics.firstBad) },
      cluster: {
        observe: reading(port, async (_model, environment) => world.observe(by, environment)),
        tryOut: reading(port, async () => ({ kind: "taken" as const })),
      },
      provenance: { keys: reading(port, provenance.keys), verify: provenance.verify },
      // Its runs prove themselves by tokens.
      attestations: fakeAttestations(),
      templates: cachedTemplates,
      clock: { now: () => this.#now() },
      log: { info: () => undefined, warn: () => undefined },
      identity: fakeSlipway,
      repository: environmentsName,
    };
  }

  #modelsOf(port: Port): ModelWorld {
    const { repository, runs, people, github, merges } = this.#world;
    const access = github.access(port);
    return {
      repository: {
        about: reading(port, repository.about),
        openPullRequests: reading(port, repository.openPullRequests),
        pullRequest: reading(port, repository.pullRequest),
        changedFiles: reading(port, repository.changedFiles),
        file: reading(port, repository.file),
      },
      runs: {
        ofHead: reading(port, runs.ofHead),
        listed: reading(port, runs.listed),
        facts: reading(port, runs.facts),
        evidence: reading(port, runs.evidence),
        repeat: (run) => port("POST run again", () => runs.repeat(run), { command: "/slipway evaluate" }),
      },
      merges: { since: reading(port, merges.since), queued: reading(port, merges.queued) },
      reports: reports(access, modelsRepository.name),
      conversation: conversation(access, modelsRepository.name),
      people: { standing: reading(port, people.standing) },
      refused: new RefusedEvidence(),
    };
  }
}

interface Process {
  readonly state: { dead: boolean };
  readonly alarms: Map<string, { readonly at: Instant; readonly ring: () => void }>;
  readonly work: Work;
}

/** Every call of a process goes through here. `what`: which write it is; null for reads. */
type Port = <Result>(what: WriteKind | null, call: () => Result, more?: Refusable<Result>) => Promise<Awaited<Result>>;

interface Refusable<Result> {
  /** The answer where a push can be refused by the host's rules. */
  readonly refused?: () => Result;
  /** What asked for it: the comment's id, or its words. */
  readonly command?: string | undefined;
}

/** Turns of the event loop's queue that a call takes at most while two replicas run at once. */
const slowest = 9;

const refusal = { kind: "refused", message: "protected branch hook declined" } as const;

function reading<Given extends readonly unknown[], Answer>(
  port: Port,
  run: (...given: Given) => Promise<Answer>,
): (...given: Given) => Promise<Answer> {
  return (...given) => port(null, () => run(...given));
}
