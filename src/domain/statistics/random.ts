/** A stream of pseudo-random numbers, the same for the same seed on every machine. */
export type Random = {
  /** A whole number from 0 to 2³² - 1. */
  readonly word: () => number;
  /** A number from 0 to below 1, with 53 random bits. */
  readonly share: () => number;
};

/**
 * A seeded stream, xoshiro128++: the only chance in the domain.
 *
 * The seed, any text, is spread over the state by `hashOf`. Not for secrets. Reference: Blackman and Vigna 2021.
 */
export function randomFrom(seed: string): Random {
  const start = hashOf(seed);
  return randomFromState([1, 2, 3, 4].map((lane) => mix(start + Math.imul(lane, 0x9e3779b9))));
}

/** The stream from four words of state, not all 0: for the authors' own test vectors. */
export function randomFromState(state: readonly number[]): Random {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  const word = (): number => {
    const result = (rotated((a + d) | 0, 7) + a) >>> 0;
    const kept = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= kept;
    d = rotated(d, 11);
    return result;
  };
  return { word, share: () => ((word() >>> 5) * 67108864 + (word() >>> 6)) / 9007199254740992 };
}

/** A 32-bit hash of a text, by its UTF-16 units. Reference: FNV-1a, finished by `mix`. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return mix(hash);
}

/** Spreads every bit of a 32-bit word over all of them, without losing any. Reference: MurmurHash3's finaliser, Appleby 2011. */
export function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
