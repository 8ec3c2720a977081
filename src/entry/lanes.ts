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
  readonly #patience: (error: unknown) => number | undefined;
  readonly #ended: (task: Task, seconds: number, failed: boolean) => void;
  readonly #later = new Set<NodeJS.Timeout>();
  #closed = false;
  #idle: (() => void) | undefined;

  /**
   * @param patience milliseconds after which a failed task is worth another try; undefined when only the next resync tries it again
   * @param ended told of each task that was run, and how many seconds it took
   */
  constructor(
    failed: (task: Task, error: unknown) => void,
    patience: (error: unknown) => number | undefined = () => undefined,
    ended: (task: Task, seconds: number, failed: boolean) => void = () => undefined,
  ) {
    this.#failed = failed;
    this.#patience = patience;
    this.#ended = ended;
  }

  add(lane: string, task: Task): void {
    if (this.#closed) return;
    const waiting = this.#waiting.get(lane) ?? new Map<string, Task>();
    this.#waiting.set(lane, waiting);
    if (!waiting.has(task.key)) waiting.set(task.key, task);
    if (!this.#running.has(lane)) void this.#drain(lane, waiting);
  }

  /** The lanes in which something is under way. */
  get running(): readonly string[] {
    return [...this.#running];
  }

  /** Takes nothing new and waits for what runs. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.clear();
    for (const timer of this.#later) clearTimeout(timer);
    if (this.#running.size === 0) return;
    await new Promise<void>((done) => {
      this.#idle = done;
    });
  }

  async #drain(lane: string, waiting: Map<string, Task>): Promise<void> {
    this.#running.add(lane);
    for (let next = first(waiting); next !== undefined && !this.#closed; next = first(waiting)) {
      waiting.delete(next.key);
      const begun = performance.now();
      const failure = await next.run().then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      this.#ended(next, (performance.now() - begun) / 1000, failure !== undefined);
      if (failure === undefined) continue;
      this.#failed(next, failure.error);
      this.#again(lane, next, this.#patience(failure.error));
    }
    this.#running.delete(lane);
    if (this.#running.size === 0) this.#idle?.();
  }

  #again(lane: string, task: Task, patience: number | undefined): void {
    if (patience === undefined || this.#closed) return;
    const timer = setTimeout(() => {
      this.#later.delete(timer);
      this.add(lane, task);
    }, patience);
    this.#later.add(timer);
  }
}

function first(waiting: Map<string, Task>): Task | undefined {
  const [task] = waiting.values();
  return task;
}
