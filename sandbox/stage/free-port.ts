import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * A port that stays free while the App is down: one of those that the system gives to nobody by itself, as it does with the ports above
 * them for every outgoing connection.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer();
    const port = randomInt(10_000, 32_000);
    const free = new Promise<boolean>((answer) => server.once("error", () => answer(false)).listen(port, "127.0.0.1", () => answer(true)));
    if (!(await free)) continue;
    await new Promise((done) => server.close(done));
    return port;
  }
}
