import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { createEmulator } from "emulate";
import { ProbotOctokit } from "probot";
import { z } from "zod";
import { type DoubleUnderTest, doubleUnderTest, type Octokit } from "./double-under-test.ts";

/** A stand-in for GitHub with `acme/models` (main, one README), ada who writes it, and the App installed. */
export interface Host {
  as(login: "ada"): Octokit;
  asApp(): Octokit;
  /** The App's bot, with these permissions on `acme/models`. */
  asInstallation(permissions: Record<string, "read" | "write">): Promise<Octokit>;
  /** A webhook of this event and action about this issue or pull request that the App was sent; waits for it. */
  webhook(event: string, action: string, number: number): Promise<Webhook | undefined>;
  /** Where it departs from what GitHub's reference says. */
  readonly departures: readonly Departure[];
  stop(): Promise<void>;
}

/** Each one is asked for in the suite, so that a newer `emulate` which keeps to the reference shows it. */
export type Departure =
  | "a second pull request of the same branches is taken"
  | "a pull request's head stands still when its branch is written by the contents API"
  | "a merge that is refused is 422, not 409 or 405"
  | "files that the contents API wrote are missing from a pull request"
  | "comments are not filtered by since"
  | "a person may make check runs"
  | "a check run does not name its app";

export interface Webhook {
  readonly event: string;
  readonly signed: boolean;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Both stand-ins that this repository can run: ours, and one that other people wrote from the same documentation. */
export const hosts = { "our double": ourDouble, emulate: emulator } as const satisfies Record<string, () => Promise<Host>>;

async function ourDouble(): Promise<Host> {
  let double: DoubleUnderTest | undefined;
  const receiver = await receive(() => double?.app.webhookSecret ?? "");
  double = await doubleUnderTest({ webhookUrl: receiver.url });
  const { as, asApp, asInstallation, stop } = double;
  return {
    as,
    asApp,
    asInstallation: (permissions) => asInstallation(["models"], permissions),
    webhook: receiver.webhook,
    departures: [],
    stop: async () => {
      await stop();
      receiver.close();
    },
  };
}

const appId = 4242;
const secret = "a secret of sixteen or more";

async function emulator(): Promise<Host> {
  const receiver = await receive(() => secret);
  const app = {
    app_id: appId,
    slug: "slipway",
    name: "Slipway",
    permissions: { actions: "read", checks: "write", contents: "write", issues: "write", members: "read", pull_requests: "write" },
    events: ["pull_request", "issue_comment", "push", "issues", "check_run"],
    webhook_url: receiver.url,
    webhook_secret: secret,
    installations: [{ installation_id: 1, account: "acme", repository_selection: "all" }],
  };
  const emulated = await createEmulator({
    service: "github",
    port: 0,
    seed: {
      tokens: { "token-ada": { login: "ada", scopes: ["repo"] } },
      github: {
        users: [{ login: "ada" }],
        orgs: [{ login: "acme", members: [{ login: "ada", role: "admin" }] }],
        repos: [{ owner: "acme", name: "models", auto_init: true }],
        apps: [app],
      },
    },
  });
  const privateKey = emulated.generatedSecrets[0]?.value;
  const client = (auth: Record<string, unknown>): Octokit =>
    new ProbotOctokit({ auth, baseUrl: emulated.url, retry: { enabled: false }, throttle: { enabled: false }, log: silent });
  const asApp = (): Octokit => client({ appId, privateKey });
  return {
    as: () => client({ token: "token-ada" }),
    asApp,
    async asInstallation(permissions) {
      const wanted = { installation_id: 1, repositories: ["models"], permissions };
      return client({ token: (await asApp().rest.apps.createInstallationAccessToken(wanted)).data.token });
    },
    webhook: receiver.webhook,
    departures: [
      "a second pull request of the same branches is taken",
      "a pull request's head stands still when its branch is written by the contents API",
      "a merge that is refused is 422, not 409 or 405",
      "files that the contents API wrote are missing from a pull request",
      "comments are not filtered by since",
      "a person may make check runs",
      "a check run does not name its app",
    ],
    stop: async () => {
      await emulated.close();
      receiver.close();
    },
  };
}

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

interface Receiver extends Pick<Host, "webhook"> {
  readonly url: string;
  close(): void;
}

const numbered = z.object({ number: z.number() });
const aboutSchema = z.object({ issue: numbered.optional(), pull_request: numbered.optional() });

function about({ payload }: Webhook): number | undefined {
  const { issue, pull_request } = aboutSchema.parse(payload);
  return (issue ?? pull_request)?.number;
}

async function receive(secretOf: () => string): Promise<Receiver> {
  const received: Webhook[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const signature = `sha256=${createHmac("sha256", secretOf()).update(body).digest("hex")}`;
    received.push({
      event: String(request.headers["x-github-event"]),
      signed: request.headers["x-hub-signature-256"] === signature && request.headers["x-github-delivery"] !== undefined,
      payload: JSON.parse(body),
    });
    response.writeHead(202).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/hook`,
    async webhook(event, action, number) {
      const patience = Date.now() + 10_000;
      for (;;) {
        const found = received.find((one) => one.event === event && one.payload["action"] === action && about(one) === number);
        if (found !== undefined || Date.now() > patience) return found;
        await new Promise((done) => setTimeout(done, 20));
      }
    },
    close: () => void server.close(),
  };
}
