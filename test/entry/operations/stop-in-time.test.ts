import { expect, it } from "vitest";
import { stopInTime } from "#entry/operations/stop-in-time.ts";

function setting() {
  const said: string[] = [];
  const log = {
    info: (event: string) => void said.push(event),
    warn: (event: string, facts: object) => void said.push(`${event} ${JSON.stringify(facts)}`),
  };
  return { said, log };
}

it("a stop waits for what is under way and ends well", async () => {
  const { said, log } = setting();
  let finish: () => void = () => undefined;
  const close = () => new Promise<void>((done) => (finish = done));
  const code = stopInTime({ close, running: () => ["models acme/models"], log, milliseconds: 60_000 });
  expect(said).toEqual([]);
  finish();
  expect(await code).toBe(0);
  expect(said).toEqual(["stopped"]);
});

it("a stop does not wait for ever, and says what it left", async () => {
  const { said, log } = setting();
  const close = () => new Promise<void>(() => undefined);
  expect(await stopInTime({ close, running: () => ["models acme/models"], log, milliseconds: 1 })).toBe(1);
  expect(said).toEqual(['stopped with work under way; the next start carries it on {"running":["models acme/models"]}']);
});
