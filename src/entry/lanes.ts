/** Something to do, named so that asking twice before it starts is asking once. */
export interface Task {
  readonly key: string;
  run(): Promise<void>;
}

/**
 * Work in lanes: one task of a lane at a time, in the order in which they came, lanes beside each other. Nothing here must survive a
 * restart: whatever is lost is found again by the next resync (invariant 1).
 */
export class Lanes {
  readonly #waiting = new Map<string, Map<string, Task>>();
  readonly #running = new Set<string>();
  readonly #failed: (task: Task, error: unknown) => void;
  #closed = false;
  #idle: (() => void) | undefined;

  constructor(failed: (task: Task, error: unknown) => void) {
    this.#failed = failed;
  }

  add(lane: string, task: Task): void {
    if (this.#closed) return;
    const waiting = this.#waiting.get(lane) ?? new Map<string, Task>();
    this.#waiting.set(lane, waiting);
    if (!waiting.has(task.key)) waiting.set(task.key, task);
    if (!this.#running.has(lane)) void this.#drain(lane, waiting);
  }

  /** Takes nothing new and waits for what runs. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.clear();
    if (this.#running.size === 0) return;
    await new Promise<void>((done) => {
      this.#idle = done;
    });
  }

  async #drain(lane: string, waiting: Map<string, Task>): Promise<void> {
    this.#running.add(lane);
    for (let next = first(waiting); next !== undefined && !this.#closed; next = first(waiting)) {
      waiting.delete(next.key);
      await next.run().catch((error: unknown) => this.#failed(next, error));
    }
    this.#running.delete(lane);
    if (this.#running.size === 0) this.#idle?.();
  }
}

function first(waiting: Map<string, Task>): Task | undefined {
  const [task] = waiting.values();
  return task;
}
