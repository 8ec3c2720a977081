import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { freePort } from "#sandbox/stage/free-port.ts";

export type Emulator = {
  readonly url: string;
  /** Makes a table of the dataset acme.shop: types as BigQuery names them, by column. */
  readonly load: (table: string, types: Readonly<Record<string, string>>, rows: readonly object[]) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** The emulator that `npm run test:integration` installed, empty, on ports of its own. @param installed the last file of its installation */
export async function startEmulator(installed: string): Promise<Emulator> {
  const folder = dirname(installed);
  const [rest, grpc] = [await freePort(), await freePort()];
  const ports = ["--rest-port", String(rest), "--grpc-port", String(grpc)];
  const child = spawn(join(folder, "bin", "bqemulator"), ["start", "--ephemeral", ...ports, "--project", "acme"], {
    stdio: "ignore",
    env: { PATH: process.env["PATH"] ?? "", HOME: join(folder, "home") },
  });
  const url = `http://127.0.0.1:${rest}`;
  const api = `${url}/bigquery/v2/projects/acme`;
  for (let wait = 0; !(await answers(`${api}/datasets`)); wait += 1) {
    if (child.exitCode !== null || wait > 600) throw new Error("The emulator did not start.");
    await setTimeout(100);
  }
  await post(`${api}/datasets`, { datasetReference: { projectId: "acme", datasetId: "shop" } });
  return {
    url,
    load: async (table, types, rows) => {
      const fields = Object.entries(types).map(([name, type]) =>
        type.endsWith("[]") ? { name, type: type.slice(0, -2), mode: "REPEATED" } : { name, type },
      );
      await post(`${api}/datasets/shop/tables`, {
        tableReference: { projectId: "acme", datasetId: "shop", tableId: table },
        schema: { fields },
      });
      const answer = await post(`${api}/datasets/shop/tables/${table}/insertAll`, { rows: rows.map((json) => ({ json })) });
      if (!answer.includes('"insertErrors":[]')) throw new Error(`The emulator did not take the rows of ${table}: ${answer.slice(0, 500)}`);
    },
    stop: async () => {
      child.kill();
      await once(child, "exit");
    },
  };
}

async function post(url: string, body: object): Promise<string> {
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
  return text;
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
