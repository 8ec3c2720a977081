import type { ModelWorld, World } from "#flows/world.ts";

/** The process is gone; nothing that runs on in memory can write any more. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/** When the process dies: around its n-th write (from 1), before that write is applied or after. */
export interface Death {
  readonly write: number;
  readonly when: "before" | "after";
}

export interface Killable {
  readonly world: World;
  readonly models: ModelWorld;
  /** What was written so far, in order. */
  readonly writes: readonly string[];
  /** A new process on the same world. */
  restart(): void;
}

/** The same world, in which the process dies around one of its writes. */
export function killable(world: World, models: ModelWorld, death?: Death): Killable {
  const writes: string[] = [];
  let attempts = 0;
  let dead = false;
  function write<Given extends readonly unknown[], Result>(name: string, run: (...given: Given) => Promise<Result>) {
    return async (...given: Given): Promise<Result> => {
      if (dead) throw new Killed(name);
      attempts += 1;
      const dies = death?.write === attempts;
      dead = dies;
      if (dies && death.when === "before") throw new Killed(`before ${name}`);
      const result = await run(...given);
      writes.push(name);
      if (dies) throw new Killed(`after ${name}`);
      return result;
    };
  }
  const { environments, evidence, proposals, incidents } = world;
  const { reports, conversation, runs } = models;
  const published = new Map<string, string>();
  /** Publishing what is there already is no write. */
  function publish<Given extends readonly unknown[]>(
    name: string,
    keyOf: (...given: Given) => unknown,
    run: (...given: Given) => Promise<void>,
  ) {
    const publishing = write(name, run);
    return async (...given: Given): Promise<void> => {
      const key = `${name} ${String(keyOf(...given))}`;
      if (published.get(key) === JSON.stringify(given)) return;
      await publishing(...given);
      published.set(key, JSON.stringify(given));
    };
  }
  return {
    world: {
      ...world,
      environments: { ...environments, commit: write("commit", environments.commit), branch: write("branch", environments.branch) },
      evidence: { ...evidence, append: write("append", evidence.append) },
      proposals: { ...proposals, open: write("open proposal", proposals.open), merge: write("merge", proposals.merge) },
      incidents: { ...incidents, open: write("open incident", incidents.open), update: write("update incident", incidents.update) },
    },
    models: {
      ...models,
      reports: {
        check: publish("check", ({ head }) => head, reports.check),
        comment: publish("comment", (pullRequest) => pullRequest, reports.comment),
      },
      runs: { ...runs, repeat: write("repeat run", runs.repeat) },
      conversation: { ...conversation, answer: write("answer", conversation.answer), react: write("react", conversation.react) },
    },
    writes,
    restart() {
      dead = false;
    },
  };
}
