/** Places where calls wait until a test opens them, so that two things happen in the order that is asked about and no other. */
export class Barriers {
  readonly #waiting = new Map<string, (() => void)[]>();

  wait(name: string): Promise<void> {
    return new Promise((open) => {
      this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), open]);
    });
  }

  /** How many calls wait at each barrier. */
  get waiting(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#waiting].map(([name, calls]) => [name, calls.length]));
  }

  /** Lets go whoever waits there, in the order in which they came. */
  open(name: string): number {
    const calls = this.#waiting.get(name) ?? [];
    this.#waiting.delete(name);
    for (const open of calls) open();
    return calls.length;
  }
}
