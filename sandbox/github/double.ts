import { createPublicKey, generateKeyPair, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { decodeJwt, errors, jwtVerify } from "jose";
import { z } from "zod";
import { Barriers } from "./barriers.ts";
import { loadContract } from "./contract.ts";
import { Faults } from "./faults.ts";
import { issuerOf, makeOidc } from "./oidc.ts";
import { addOrganization, addUser, NewOrganization, NewUser } from "./organizations.ts";
import { addAccount } from "./people.ts";
import { createRepository, NewRepository } from "./repository-setup.ts";
import { makeServer } from "./server.ts";
import { Webhooks } from "./webhooks.ts";
import type { App, World } from "./world.ts";

const AppSeed = z.object({
  slug: z.string().default("slipway"),
  name: z.string().default("Slipway"),
  permissions: z.record(z.string(), z.enum(["read", "write"])).default({
    actions: "write",
    checks: "write",
    contents: "write",
    issues: "write",
    members: "read",
    pull_requests: "write",
  }),
  events: z.array(z.string()).default(["pull_request", "issue_comment", "workflow_run", "push", "check_run", "issues", "merge_group"]),
});

export const Seed = z.object({
  app: AppSeed.default(AppSeed.parse({})),
  users: z.array(NewUser).default([]),
  organizations: z.array(NewOrganization).default([]),
  repositories: z.array(NewRepository).default([]),
});
export type Seed = z.input<typeof Seed>;

export interface DoubleOptions {
  /** Bare repositories live below it; made when missing. */
  readonly data: string;
  readonly port?: number;
  readonly webhookUrl?: string | undefined;
  /** Every delivery twice, under one GUID. */
  readonly duplicateWebhooks?: boolean;
  /** Answer 500 when an answer breaks GitHub's description; default true. */
  readonly strict?: boolean;
  readonly seed?: Seed;
  readonly clock?: () => Date;
}

export interface GitHubDouble {
  readonly url: string;
  readonly issuer: string;
  readonly app: { readonly id: number; readonly slug: string; readonly privateKey: string; readonly webhookSecret: string };
  /** login → token, of the seed's users */
  readonly tokens: Readonly<Record<string, string>>;
  readonly world: World;
  close(): Promise<void>;
}

/** Starts the double in this process. Give it time on the event loop: never wait for its client synchronously. */
export async function startGitHubDouble(options: DoubleOptions): Promise<GitHubDouble> {
  const seed = Seed.parse(options.seed ?? {});
  const data = resolve(options.data);
  await mkdir(data, { recursive: true });
  const [{ publicKey, privateKey }, oidc] = await Promise.all([
    promisify(generateKeyPair)("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    }),
    makeOidc(),
  ]);
  const webhookSecret = randomBytes(24).toString("hex");

  let world: World | undefined;
  const server = makeServer(() => {
    if (world === undefined) throw new Error("a request before the double was ready");
    return world;
  });
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the double listens on no port");
  const origin = `http://127.0.0.1:${address.port}`;

  const clock = options.clock ?? (() => new Date());
  const nextId = counter();
  const contract = loadContract();
  const app: App = { id: 4242, clientId: "Iv23slipwaydouble", owner: "slipway-dev", createdAt: clock(), ...seed.app };
  world = {
    origin,
    data,
    clock,
    nextId,
    accounts: new Map(),
    teams: new Map(),
    members: new Map(),
    tokens: new Map(),
    app,
    verifyAppToken: (token) => verifyAppToken(token, publicKey, app, clock()),
    installations: [],
    repositories: new Map(),
    jobs: [],
    oidc,
    signatureKey: randomBytes(24).toString("hex"),
    webhooks: new Webhooks({ secret: webhookSecret, appId: app.id, events: app.events, contract, clock, nextId }),
    faults: new Faults(),
    barriers: new Barriers(),
    contract,
    requests: [],
    spent: new Map(),
    strict: options.strict ?? true,
  };
  world.webhooks.url = options.webhookUrl;
  world.webhooks.duplicate = options.duplicateWebhooks ?? false;

  const tokens: Record<string, string> = {};
  for (const user of seed.users) tokens[user.login] = addUser(world, user).token;
  addAccount(world, `${app.slug}[bot]`, "Bot");
  for (const organization of seed.organizations) addOrganization(world, organization);
  for (const repository of seed.repositories) await createRepository(world, repository);

  return {
    url: origin,
    issuer: issuerOf(world),
    app: { id: app.id, slug: app.slug, privateKey, webhookSecret },
    tokens,
    world,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Numbers of each kind count from one, so that two runs of one story name things alike. */
function counter(): (kind: string) => number {
  const last = new Map<string, number>();
  return (kind) => {
    const next = (last.get(kind) ?? 0) + 1;
    last.set(kind, next);
    return next;
  };
}

/** GitHub takes a token of at most ten minutes, signed by the App's key, issued by the App's id. */
async function verifyAppToken(token: string, publicKey: string, app: App, now: Date): Promise<true | string> {
  try {
    const { payload } = await jwtVerify(token, createPublicKey(publicKey), { algorithms: ["RS256"], currentDate: now, clockTolerance: 5 });
    if (payload.iss !== String(app.id) && payload.iss !== app.clientId && Number(payload.iss) !== app.id) return "Integration not found";
    const seconds = now.getTime() / 1000;
    if (payload.exp === undefined || payload.iat === undefined) return "Missing 'exp' or 'iat' claim";
    if (payload.exp > seconds + 605) return "'Expiration time' claim ('exp') is too far in the future";
    if (payload.iat > seconds + 60)
      return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
    return true;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return complaint(token, error);
    throw error;
  }
}

function complaint(token: string, error: Error): string {
  try {
    decodeJwt(token);
  } catch {
    return "A JSON web token could not be decoded";
  }
  return error instanceof errors.JWTExpired
    ? "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
    : "A JSON web token could not be decoded";
}
