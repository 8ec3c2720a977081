/** Reproducible choices: the same seed gives the same draws on every machine. */
export interface Draws {
  /** From 0 (included) to `below` (excluded). */
  whole(below: number): number;
  /** True once in so many draws. */
  oneIn(many: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** By weights, which are whole numbers. */
  weighted<Item>(items: readonly (readonly [number, Item])[]): Item;
}

/** Mulberry32, whose first draws are spread well even for neighbouring seeds once the seed is scrambled. */
export function draws(seed: number): Draws {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const whole = (below: number): number => Math.floor(next() * below);
  return {
    whole,
    oneIn: (many) => whole(many) === 0,
    pick: (items) => items[whole(items.length)] ?? items[0],
    weighted(items) {
      let left = whole(items.reduce((sum, [weight]) => sum + weight, 0));
      for (const [weight, item] of items) {
        if (left < weight) return item;
        left -= weight;
      }
      throw new RangeError("weights are positive");
    },
  };
}
