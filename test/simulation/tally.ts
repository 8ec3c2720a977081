/** How often each thing happened, in groups: what a simulation never came to, it shows nothing of. */
export class Tally {
  readonly counts = new Map<string, Map<string, number>>();

  add(group: string, name: string, times = 1): void {
    const counts = this.counts.get(group) ?? new Map<string, number>();
    this.counts.set(group, counts.set(name, (counts.get(name) ?? 0) + times));
  }

  addAll(counts: Tally["counts"]): void {
    for (const [group, names] of counts) for (const [name, times] of names) this.add(group, name, times);
  }

  of(group: string, name: string): number {
    return this.counts.get(group)?.get(name) ?? 0;
  }
}
