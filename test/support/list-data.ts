/** Lists of two arms with ties, labels with all that metrics read beside the grade, and a catalogue that lacks some of the items. */
type Listed = { readonly query_id: string; readonly item_id: string };
export type ListData = {
  readonly candidate: readonly (Listed & { readonly score: number })[];
  readonly baseline: readonly (Listed & { readonly score: number })[];
  readonly labels: readonly (Listed & { readonly label: number; readonly locale: string })[];
  readonly items: readonly object[];
};

const queries = 60;
const items = 80;

export function listData(seed = 1): ListData {
  const random = numbersFrom(seed);
  const id = (item: number): string => `d${String(item).padStart(2, "0")}`;
  const query = (index: number): string => `q${String(index).padStart(2, "0")}`;
  const some = (share: number): readonly number[] => Array.from({ length: items }, (_, item) => item).filter(() => random() < share);
  const listed = (present: number): ListData["candidate"] =>
    Array.from({ length: queries }, (_, index) => index)
      .filter(() => random() < present)
      .flatMap((index) => some(0.35).map((item) => ({ query_id: query(index), item_id: id(item), score: Math.floor(random() * 12) / 7 })));
  const labels = Array.from({ length: queries }, (_, index) => index).flatMap((index) => {
    const judged = some(0.5);
    const order = judged.map(() => random());
    const rank = (place: number): number => order.filter((other) => other < (order[place] ?? 0)).length + 1;
    const described = {
      user_id: `u${index % 23}`,
      locale: index % 3 === 0 ? "de" : "en",
      price: index % 5 === 0 ? null : index / 4,
      weight: 1 + (index % 4) / 3,
    };
    return judged.map((item, place) => ({
      query_id: query(index),
      item_id: id(item),
      label: index === 7 ? 0 : Math.floor(random() * 5) - 1,
      value: Math.floor(random() * 9000) / 7,
      seen: 1 / (1 + Math.floor(random() * 9)),
      rank: rank(place),
      distance: Math.floor(rank(place) / 3) / 3,
      ...described,
    }));
  });
  const catalogue = Array.from({ length: items }, (_, item) => item)
    .filter((item) => item % 11 !== 0)
    .map((item) => ({
      item_id: id(item),
      popularity: item % 6 === 0 ? 0 : Math.floor(random() * 800),
      category: item % 7 === 3 ? null : `c${item % 4}`,
      provider: item % 3 === 0 ? "acme" : "other",
      vector: [random(), random() - 0.5, item % 5 === 0 ? 0 : 1],
    }));
  return { candidate: listed(0.95), baseline: listed(0.9), labels, items: catalogue };
}

/** Mulberry32: the same numbers from 0 to 1 on every machine. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
