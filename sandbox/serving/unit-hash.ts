/**
 * Where a unit stands in [0, 1): FNV-1a with murmur3's finaliser. It depends on the id alone, so a unit keeps its version while weights
 * stay, and one that met the candidate at 5 % still meets it at 25 %.
 */
export function unitHash(unit: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < unit.length; i += 1) hash = Math.imul(hash ^ unit.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** The item at a point of [0, 1) when items lie side by side, each as wide as its weight; none when all weigh nothing. */
export function atPoint<Item extends { readonly weight: number }>(items: readonly Item[], point: number): Item | undefined {
  const total = items.reduce((sum, { weight }) => sum + weight, 0);
  let left = point * total;
  for (const item of items) {
    if (left < item.weight) return item;
    left -= item.weight;
  }
  return undefined;
}
