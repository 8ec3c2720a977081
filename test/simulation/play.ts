import { setImmediate as queueEmpty } from "node:timers/promises";
import { millisecondsBetween } from "#domain/model/time.ts";
import { verbIn } from "./command-lines.ts";
import { type Violation, violationAtRest, violationIn } from "./invariants.ts";
import { commitViews, Ledger } from "./ledger.ts";
import { PeoplesWork } from "./peoples-work.ts";
import { Replica } from "./replica.ts";
import { policyNames } from "./simulated-texts.ts";
import { type Hint, type SimulatedWorld, simulatedWorld } from "./simulated-world.ts";
import type { Fault, History, ReplicaNumber, Step } from "./step.ts";
import type { Tally } from "./tally.ts";

/** What a history came to. */
export interface Played {
  readonly steps: number;
  /** The first thing that is wrong, and the step in which it went wrong; the step after the last one is the rest. */
  readonly violation: (Violation & { readonly step: number }) | undefined;
  readonly counts: Tally["counts"];
}

/** Plays a history to its end and then to rest, judging every step. */
export async function play(history: History): Promise<Played> {
  const game = new Game(history);
  for (const [index, step] of history.steps.entries()) {
    await game.revive();
    const violation = game.judge() ?? (await game.take(step));
    if (violation !== undefined) return { steps: index + 1, violation: { ...violation, step: index }, counts: game.counts() };
  }
  const steps = history.steps.length;
  const violation = await game.rest();
  return { steps, violation: violation && { ...violation, step: steps }, counts: game.counts() };
}

/** A look of a quiet App at a world that does not change; longer than any step, window or deadline of the simulated model. */
const quietPause = 40_000;
const mostLooks = 200;

class Game {
  readonly ledger = new Ledger();
  readonly #world: SimulatedWorld;
  readonly #people: PeoplesWork;
  readonly #replicas: readonly [Replica, Replica];
  /** Webhooks on their way. */
  #waiting: Hint[] = [];

  constructor({ setting }: History) {
    this.#world = simulatedWorld(setting);
    const { tally } = this.#world;
    tally.add("worlds", `environments: ${setting.environments}`);
    if (setting.skew.some((wrong) => wrong !== 0)) tally.add("worlds", "clocks apart");
    tally.add("worlds", `policy: ${policyNames[setting.policy]}`);
    this.#people = new PeoplesWork(this.#world);
    this.#replicas = [new Replica(this.#world, 0, setting.skew[0]), new Replica(this.#world, 1, setting.skew[1])];
  }

  /** Takes a step and judges it. */
  async take(step: Step): Promise<Violation | undefined> {
    await this.#do(step);
    return this.judge();
  }

  async #do(step: Step): Promise<void> {
    this.#world.tally.add("steps", step.is);
    switch (step.is) {
      case "people": {
        const hints = [...(await this.#people.act(step.act)), ...this.#world.hints.splice(0)];
        const { kind, replica, fault } = step.delivery;
        if (hints.length > 0) this.#world.tally.add("webhooks", kind);
        if (kind === "later") this.#waiting.push(...hints);
        if (kind === "lost" || kind === "later") return;
        return this.#run(replica, fault, (one) => {
          for (const hint of hints) one.hear(hint);
          if (kind === "twice") for (const hint of hints) this.#replicas[replica === 0 ? 1 : 0].hear(hint);
        });
      }
      case "time":
        this.#world.clock.advance(step.milliseconds);
        this.#replicas[0].arm(step.fault);
        this.#replicas[1].arm(null);
        for (const replica of this.#replicas) replica.ring();
        return this.#drain();
      case "serve":
        return this.#world.serve(step.candidate, step.service);
      case "cluster":
        this.#world.tally.add("cluster", step.mode);
        return this.#world.setCluster(step.mode);
      case "resync":
        return this.#run(step.replica, step.fault, (one) => one.resync());
      case "deliver": {
        const index = step.hint % Math.max(1, this.#waiting.length);
        const hint = this.#waiting[index];
        if (hint === undefined) return;
        this.#world.tally.add("webhooks", index > 0 ? "delivered out of order" : "delivered late");
        if (step.keep) this.#world.tally.add("webhooks", "to be delivered again");
        if (!step.keep) this.#waiting.splice(index, 1);
        return this.#run(step.replica, step.fault, (one) => one.hear(hint));
      }
      case "race":
        this.#replicas[0].arm(step.fault, step.order);
        this.#replicas[1].arm(null, step.order ^ 0x5bd1e995);
        for (const replica of this.#replicas) replica.resync();
        return this.#drain();
      case "restart":
        return this.#run(step.replica, null, (one) => one.restart());
    }
  }

  /** What the events since the last time broke. */
  judge(): Violation | undefined {
    const known = { world: this.#world, ledger: this.ledger, people: this.#people };
    for (const event of this.#world.events.splice(0)) {
      const views = commitViews(this.#world, event);
      const violation = violationIn(event, views, known);
      if (violation !== undefined) return violation;
      this.ledger.add(this.#world, this.#people, event, views);
    }
    return undefined;
  }

  /** No more faults, no webhooks, one replica, resync alone, until it changes nothing any more. */
  async rest(): Promise<Violation | undefined> {
    await this.revive();
    this.#waiting = [];
    this.#world.setCluster("follows");
    const [one] = this.#replicas;
    one.arm(null);
    let quiet = false;
    for (let looks = 0; looks < mostLooks; looks += 1) {
      const before = this.#changes();
      const [now, alarm] = [this.#world.clock.now(), one.nextAlarm()];
      // While a release asks to be looked at, that is all there is to do.
      if (alarm !== undefined && alarm <= now && !quiet && looks > 0) one.ring();
      else one.resync();
      await this.#drain();
      const violation = this.judge();
      if (violation !== undefined) return violation;
      const changed = this.#changes() !== before;
      if (!changed && quiet) return violationAtRest({ world: this.#world, ledger: this.ledger, people: this.#people });
      quiet = !changed;
      const next = one.nextAlarm();
      const soon = next === undefined ? quietPause : millisecondsBetween(now, next);
      this.#world.clock.advance(quiet ? quietPause : Math.max(500, soon));
    }
    return { number: 2, name: "the world comes to rest", what: `it still changed after ${mostLooks} looks` };
  }

  /** How often everything happened, people's commands by what they were answered. */
  counts(): Tally["counts"] {
    const { tally, github } = this.#world;
    for (const { ours, body } of github.comments()) {
      const [, id] = (ours && /^<!-- slipway:answer (.+) -->/.exec(body)) || [];
      const [, mark] = /^(🚀|⛔|ℹ️) /mu.exec(body) ?? [];
      if (id === undefined || mark === undefined) continue;
      tally.add(verbIn(github.comment(Number(id))?.body ?? id), { "🚀": "done", "⛔": "refused" }[mark] ?? "told");
    }
    return tally.counts;
  }

  #changes(): string {
    return `${this.#world.environments.current().head} ${this.#world.github.writes()}`;
  }

  async #run(number: ReplicaNumber, fault: Fault | null, act: (replica: Replica) => void): Promise<void> {
    for (const replica of this.#replicas) replica.arm(null);
    const replica = this.#replicas[number];
    replica.arm(fault);
    act(replica);
    await this.#drain();
  }

  /** A process that died is started again before anything else happens. */
  async revive(): Promise<void> {
    for (const replica of this.#replicas) {
      if (!replica.dead) continue;
      replica.arm(null);
      replica.restart();
      await this.#drain();
    }
  }

  /** Nothing waits for a real timer, so all that was begun has ended when the queue of microtasks is empty. */
  async #drain(): Promise<void> {
    await queueEmpty();
  }
}
