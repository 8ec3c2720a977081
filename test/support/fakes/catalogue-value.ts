import type { Formula, ItemValue } from "#domain/evaluation/formula.ts";

/** The catalogue by item id: what its columns hold. */
export type Catalogue = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

type OfKind<K extends Formula["kind"]> = Extract<Formula, { kind: K }>;

/** By the definitions themselves: `ids` are the first items of the list, best first. */
export function sumOverItems(
  { value, discount }: OfKind<"sum-over-items">,
  ids: readonly string[],
  relevant: (id: string) => boolean,
  catalogue: Catalogue,
): number {
  return ids.reduce((sum, id, index) => {
    const worth = worthOf(value, id, index + 1, relevant(id), catalogue);
    return sum + (discount === "log2" ? worth / Math.log2(index + 2) : worth);
  }, 0);
}

export function meanDistance({ column, distance }: OfKind<"mean-distance">, ids: readonly string[], catalogue: Catalogue): number {
  const known = ids.map((id) => catalogue.get(id)?.[column] ?? null).filter((value) => value !== null);
  const pairs = known.flatMap((a, first) => known.slice(first + 1).map((b) => [a, b] as const));
  if (distance === "category") return mean(pairs.map(([a, b]) => (String(a) === String(b) ? 0 : 1)));
  const vectors = pairs.map(([a, b]) => [vectorOf(a), vectorOf(b)] as const);
  const length = (v: readonly number[]): number => Math.hypot(...v);
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, at) => sum + x * (b[at] ?? 0), 0);
  switch (distance) {
    case "hamming":
      return mean(vectors.map(([a, b]) => a.filter((x, at) => x !== b[at]).length));
    case "euclidean":
      return mean(vectors.map(([a, b]) => length(a.map((x, at) => x - (b[at] ?? 0)))));
    case "cosine":
      return mean(vectors.filter(([a, b]) => length(a) * length(b) > 0).map(([a, b]) => 1 - dot(a, b) / (length(a) * length(b))));
  }
}

export function isIn([column, value]: readonly [string, string], id: string, catalogue: Catalogue): boolean {
  return catalogue.get(id)?.[column] === value;
}

function worthOf(value: ItemValue, id: string, place: number, relevant: boolean, catalogue: Catalogue): number {
  if (value.kind === "row") return 1;
  if (value.kind === "in-group") return value.group !== null && isIn(value.group, id, catalogue) ? 1 : 0;
  const held = catalogue.get(id)?.[value.column] ?? null;
  const popularity = Number(held ?? 0);
  const all = [...catalogue.values()].map((row) => Number(row[value.column] ?? 0));
  switch (value.kind) {
    case "popularity":
      return { count: popularity, log1p: Math.log1p(popularity), of_most_popular: popularity / Math.max(...all) }[value.scale];
    case "self-information":
      if (popularity > 0) return -Math.log2(popularity / value.users);
      return { rarest: Math.log2(value.users + 1), one: Math.log2(value.users), zero: 0, skip: 0 }[value.unseen];
    case "seen":
      return popularity > 0 ? 1 : 0;
    case "surprise": {
      const n = catalogue.size;
      const rank = 1 + new Set(all.filter((other) => other > popularity)).size;
      const byPopularity = popularity > 0 ? (n + 1 - rank) / n : 0;
      return relevant ? Math.max((n + 1 - place) / n - byPopularity, 0) : 0;
    }
  }
}

function vectorOf(value: unknown): readonly number[] {
  const list: unknown = typeof value === "string" ? JSON.parse(value) : value;
  return Array.isArray(list) ? list.map(Number) : [];
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
