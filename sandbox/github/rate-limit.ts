import type { World } from "./world.ts";

const hourlyLimit = 15_000;

export interface Rate {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  readonly reset: number;
}

/** Counted and shown, never enforced: what is refused for its rate is refused by a fault. A 304 is free, as on GitHub. */
export function rateOf(world: World, login: string | null): Rate {
  const used = login === null ? 0 : (world.spent.get(login) ?? 0);
  const reset = Math.floor(world.clock().getTime() / 3_600_000 + 1) * 3600;
  return { limit: hourlyLimit, used, remaining: Math.max(1, hourlyLimit - used), reset };
}

export function spend(world: World, login: string): void {
  world.spent.set(login, (world.spent.get(login) ?? 0) + 1);
}
