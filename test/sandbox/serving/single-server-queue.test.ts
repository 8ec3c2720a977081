import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { singleServerQueue } from "#sandbox/serving/single-server-queue.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("a queue that serves one job at a time", () => {
  test("makes the second of two jobs wait for the first", () => {
    const queue = singleServerQueue(10, Date.now);
    const started = Date.now();
    const finished: number[] = [];
    for (let i = 0; i < 2; i += 1) queue.submit(20, () => finished.push(Date.now() - started));
    vi.advanceTimersByTime(100);
    expect(finished).toEqual([20, 40]);
  });

  test("keeps up with a job every 67 ms, and falls behind by 7 ms a job at one every 13 ms", () => {
    expect(latencies(67, 50).at(-1)).toBe(20);
    expect(latencies(13, 50).at(-1)).toBe(20 + 49 * 7);
  });

  test("refuses a job when its limit is waiting", () => {
    const queue = singleServerQueue(1, Date.now);
    const accepted = [1, 2, 3].map(() => queue.submit(20, () => {}) !== undefined);
    expect(accepted).toEqual([true, true, false]);
  });

  test("spends no time on a job that was given up while it waited", () => {
    const queue = singleServerQueue(10, Date.now);
    const started = Date.now();
    let last = 0;
    queue.submit(20, () => {});
    const giveUp = queue.submit(20, () => expect.unreachable());
    queue.submit(20, () => {
      last = Date.now() - started;
    });
    giveUp?.();
    vi.advanceTimersByTime(100);
    expect(last).toBe(40);
  });
});

function latencies(every: number, jobs: number): readonly number[] {
  const queue = singleServerQueue(1_000, Date.now);
  const found: number[] = [];
  for (let i = 0; i < jobs; i += 1) {
    const arrived = Date.now();
    queue.submit(20, () => found.push(Date.now() - arrived));
    vi.advanceTimersByTime(every);
  }
  vi.advanceTimersByTime(10_000);
  return found;
}
