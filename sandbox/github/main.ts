// node sandbox/github/main.ts --data DIR [--port 0] [--env FILE] [--webhook URL] [--seed FILE.json] [--duplicate] [--lenient]
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Seed, startGitHubDouble } from "./double.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    port: { type: "string", default: "0" },
    env: { type: "string" },
    webhook: { type: "string" },
    seed: { type: "string" },
    duplicate: { type: "boolean", default: false },
    lenient: { type: "boolean", default: false },
  },
});
if (values.data === undefined) {
  console.error("usage: main.ts --data DIR [--port 0] [--env FILE] [--webhook URL] [--seed FILE.json] [--duplicate] [--lenient]");
  process.exit(64);
}

const seed = values.seed === undefined ? Seed.parse({}) : Seed.parse(JSON.parse(await readFile(values.seed, "utf8")));
const double = await startGitHubDouble({
  data: values.data,
  port: Number(values.port),
  webhookUrl: values.webhook,
  duplicateWebhooks: values.duplicate,
  strict: !values.lenient,
  seed,
});

const keyFile = join(double.world.data, "app.private-key.pem");
await writeSecret(keyFile, double.app.privateKey);
if (values.env !== undefined) {
  const settings = {
    SLIPWAY_GITHUB_URL: double.url,
    SLIPWAY_APP_ID: String(double.app.id),
    SLIPWAY_PRIVATE_KEY_FILE: keyFile,
    SLIPWAY_WEBHOOK_SECRET: double.app.webhookSecret,
    SLIPWAY_OIDC_ISSUER: double.issuer,
    ...Object.fromEntries(Object.entries(double.tokens).map(([login, token]) => [`DOUBLE_TOKEN_${login.replace(/\W/g, "_")}`, token])),
  };
  await writeSecret(
    values.env,
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    double.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
console.log(JSON.stringify({ ready: true, url: double.url }));

async function writeSecret(file: string, text: string): Promise<void> {
  await rm(file, { force: true }); // the mode counts only for a new file
  await writeFile(file, text, { mode: 0o600, flag: "wx" });
}
