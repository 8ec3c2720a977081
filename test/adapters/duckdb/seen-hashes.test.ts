import { describe, expect, test } from "vitest";
import { SeenHashes } from "#adapters/duckdb/seen-hashes.ts";

describe("seen hashes", () => {
  test("never overlook a hash that they have seen, whatever slots it shares", () => {
    const seen = new SeenHashes(2000);
    const words = new Int32Array(4000);
    for (let hash = 0; hash < 2000; hash += 1) {
      words[2 * hash] = hash % 10;
      words[2 * hash + 1] = 2 * hash;
    }
    expect(seen.addAll(words.subarray(0, 2))).toBe(false);
    for (let hash = 0; hash < 2000; hash += 1) expect(new SeenHashes(10).addAll(words.subarray(2 * hash, 2 * hash + 2))).toBe(false);
    seen.addAll(words);
    for (let hash = 0; hash < 2000; hash += 1) expect(seen.addAll(words.subarray(2 * hash, 2 * hash + 2))).toBe(true);
  });

  test("do not take different hashes for the same", () => {
    const words = Int32Array.from({ length: 40_000 }, (_, at) => Math.imul(at + 1, 0x9e3779b1));
    expect(new SeenHashes(20_000).addAll(words)).toBe(false);
  });

  test("say how many they can hold", () => {
    expect(SeenHashes.canHold(100_000_000)).toBe(true);
    expect(SeenHashes.canHold(200_000_000)).toBe(false);
  });
});
