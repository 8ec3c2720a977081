import { describe, expect, test } from "vitest";
import { Lanes } from "#entry/lanes.ts";

/** A task that goes on when it is told to. */
function held() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { wait: () => promise, goOn: resolve, fail: reject };
}

const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

function setting() {
  const failures: string[] = [];
  const log: string[] = [];
  const lanes = new Lanes(
    (task, error) => void failures.push(`${task.key}: ${String(error)}`),
    (error) => (error instanceof RangeError ? 5 : undefined),
  );
  const add = (lane: string, key: string, run: () => Promise<void> = async () => undefined): void =>
    lanes.add(lane, {
      key,
      run: async () => {
        log.push(`${key} begins`);
        await run();
        log.push(`${key} ends`);
      },
    });
  return { lanes, add, log, failures };
}

describe("work in lanes", () => {
  test("is done one after the other within a lane, in the order in which it came", async () => {
    const { add, log } = setting();
    const first = held();
    add("a", "1", first.wait);
    add("a", "2");
    await settle();
    expect(log).toEqual(["1 begins"]);
    first.goOn();
    await settle();
    expect(log).toEqual(["1 begins", "1 ends", "2 begins", "2 ends"]);
  });

  test("of one lane does not wait for another's", async () => {
    const { add, log } = setting();
    const slow = held();
    add("a", "slow", slow.wait);
    add("b", "quick");
    await settle();
    expect(log).toEqual(["slow begins", "quick begins", "quick ends"]);
    slow.goOn();
  });

  test("asked for twice before it starts is done once", async () => {
    const { add, log } = setting();
    const first = held();
    add("a", "1", first.wait);
    for (const key of ["2", "2", "3", "2"]) add("a", key);
    first.goOn();
    await settle();
    expect(log.filter((line) => line.endsWith("begins"))).toEqual(["1 begins", "2 begins", "3 begins"]);
  });

  test("asked for while it runs is done again, since the world may have moved after it looked", async () => {
    const { add, log } = setting();
    const first = held();
    add("a", "1", first.wait);
    add("a", "1");
    first.goOn();
    await settle();
    expect(log.filter((line) => line === "1 begins")).toHaveLength(2);
  });

  test("that fails is told and holds up nothing behind it", async () => {
    const { add, log, failures } = setting();
    const first = held();
    add("a", "1", first.wait);
    add("a", "2");
    first.fail(new Error("502"));
    await settle();
    expect(failures).toEqual(["1: Error: 502"]);
    expect(log.at(-1)).toBe("2 ends");
  });
});

describe("a task that failed", () => {
  test("is done again after as long as its failure asks for, and another failure is left to the resync", async () => {
    const { add, log } = setting();
    const failing = (error: Error) => {
      let tries = 0;
      return async (): Promise<void> => {
        tries += 1;
        if (tries <= 2) throw error;
      };
    };
    add("a", "limited", failing(new RangeError("wait")));
    add("b", "broken", failing(new Error("502")));
    await expect.poll(() => log).toContain("limited ends");
    expect(log.filter((line) => line.startsWith("broken"))).toEqual(["broken begins"]);
  });

  test("is not done again once the lanes are closed", async () => {
    const { lanes, add, log } = setting();
    add("a", "limited", async () => Promise.reject(new RangeError("wait")));
    await settle();
    await lanes.close();
    await new Promise((done) => setTimeout(done, 30));
    expect(log).toEqual(["limited begins"]);
  });
});

describe("closing", () => {
  test("waits for what runs, and drops what waits and what comes", async () => {
    const { lanes, add, log } = setting();
    const one = held();
    const two = held();
    add("a", "1", one.wait);
    add("b", "2", two.wait);
    add("a", "3");
    const closing = lanes.close();
    const closed = Promise.race([closing.then(() => "closed"), settle().then(() => "open")]);
    add("c", "4");
    one.goOn();
    await settle();
    expect(await closed).toBe("open");
    two.goOn();
    await closing;
    expect(log).toEqual(["1 begins", "2 begins", "1 ends", "2 ends"]);
  });

  test("is done at once when nothing runs", async () => {
    await expect(setting().lanes.close()).resolves.toBeUndefined();
  });
});
