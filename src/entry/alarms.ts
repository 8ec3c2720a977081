/** A timer longer than this would overflow; the resync looks sooner anyway. */
const longestSleep = 24 * 3_600_000;

/** When to look again, by name: setting one anew forgets the one before. */
export class Alarms {
  readonly #timers = new Map<string, NodeJS.Timeout>();

  set(name: string, milliseconds: number, ring: () => void): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.set(name, setTimeout(ring, Math.min(Math.max(0, milliseconds), longestSleep)));
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
