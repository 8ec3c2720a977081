/** More slots than this (512 MB) are not worth their memory. */
const mostSlots = 2 ** 27;

/**
 * A set of 64-bit hashes that keeps half of each: it never overlooks one that it has seen, and takes one in billions for seen that it has
 * not. `capacity` hashes take at most 11 bytes each. Open addressing (Knuth, TAOCP 3, section 6.4).
 */
export class SeenHashes {
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(capacity: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(1024, capacity * 1.3)));
    this.#slots = new Int32Array(slots);
    this.#mask = slots - 1;
  }

  static canHold(capacity: number): boolean {
    return capacity * 1.3 <= mostSlots;
  }

  forgetAll(): void {
    this.#slots.fill(0);
  }

  /** Adds hashes, two words each; whether one of them seems to have been there. */
  addAll(words: Int32Array): boolean {
    const slots = this.#slots;
    const mask = this.#mask;
    let seen = false;
    for (let at = 0; at < words.length; at += 2) {
      let slot = (words[at] ?? 0) & mask;
      // 0 marks a free slot.
      const print = (words[at + 1] ?? 0) | 1;
      let held = slots[slot] ?? 0;
      while (held !== 0 && held !== print) {
        slot = (slot + 1) & mask;
        held = slots[slot] ?? 0;
      }
      if (held === print) seen = true;
      else slots[slot] = print;
    }
    return seen;
  }
}
