import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Log } from "#ports/log.ts";
import { type ContentSpacing, contentSpacing } from "./content-spacing.ts";
import { etagCache } from "./etag-cache.ts";
import { type GitHubAccess, githubClient, type Parameters, type Permissions, type Self } from "./github-client.ts";
import { GitHubRefused, isMissing } from "./github-unavailable.ts";
import { installationTokens } from "./installation-tokens.ts";
import { pageSize } from "./limits.ts";
import { missingPermissions } from "./missing-permissions.ts";
import { octokitFor } from "./octokit.ts";
import { readAgain } from "./read-again.ts";
import { type Answered, type Sent, send } from "./send.ts";

export interface GitHubAppOptions {
  /** `https://api.github.com`, or a GitHub Enterprise Server's `https://<host>/api/v3`. */
  readonly baseUrl: string;
  readonly appId: number;
  /** PEM, PKCS#1 or PKCS#8. */
  readonly privateKey: string;
  /** Milliseconds between two calls of one installation that create content; 3000 when not given. */
  readonly contentSpacing?: number;
  /**
   * Milliseconds that one answer may take; 15,000 when not given. GitHub ends a call of its own accord after 10 seconds: as long as this is
   * longer, a write whose answer was lost is not still under way when it is looked for.
   */
  readonly timeout?: number;
  readonly log?: Log;
  /** Told of each answer of GitHub, and of which installation's budget it took; undefined: the App's own. */
  readonly observed?: (answer: Answered & { readonly installation: number | undefined }) => void;
}

export interface GitHubApp extends GitHubAccess {
  /** The id of the installation that covers a repository. */
  installationOf(repository: string): Promise<number>;
  /** Every repository of every installation that is not suspended. */
  repositories(): Promise<readonly InstalledRepository[]>;
  /** A token for one repository that can do no more than the permissions say: for Git over HTTPS. */
  token(repository: string, permissions: Permissions): Promise<string>;
  /** What the App asks for, and what each account granted: that lags behind until an owner accepts new permissions. */
  permissions(): Promise<GrantedPermissions>;
  /** How GitHub knows the App, and what time it is there, in milliseconds since 1970 (not a number when it does not say). */
  registration(): Promise<{ readonly login: string; readonly events: readonly string[]; readonly serverTime: number }>;
  /** The newest webhooks, newest first, and what they were answered. */
  deliveries(): Promise<readonly { readonly event: string; readonly status: number }[]>;
  /** One sentence for each required permission that the App does not ask for or an account has not granted. */
  missing(required: Permissions): Promise<readonly string[]>;
}

export interface InstalledRepository {
  readonly id: number;
  /** owner/name */
  readonly name: string;
}

export interface GrantedPermissions {
  readonly app: Readonly<Record<string, string>>;
  readonly accounts: readonly { readonly account: string; readonly permissions: Readonly<Record<string, string>> }[];
}

const appSchema = z.object({ id: z.number(), slug: z.string().min(1), permissions: z.record(z.string(), z.string()) });
const installationIdSchema = z.object({ id: z.number().int() });
const installationSchema = z.object({
  id: z.number().int(),
  account: z.object({ login: z.string() }).nullable(),
  permissions: z.record(z.string(), z.string()),
  suspended_at: z.string().nullable().optional(),
});
const repositoriesSchema = z.object({ repositories: z.array(z.object({ id: z.number().int(), full_name: z.string() })) });

const registrationSchema = z.object({ slug: z.string().min(1), events: z.array(z.string()) });
const deliverySchema = z.object({ event: z.string(), status_code: z.number() });
const newestDeliveries = 30;

const appNext = "Check the App's id and private key in the settings, and that the App is installed there.";

/** Slipway as GitHub knows it: mints tokens, and hands out clients that hold one. */
export function githubApp(options: GitHubAppOptions): GitHubApp {
  const { baseUrl, appId, privateKey, log, timeout, observed } = options;
  const now = Date.now;
  const waiting = { pause: async (milliseconds: number) => void (await pause(milliseconds)), now };
  const Octokit = octokitFor({ baseUrl, ...(timeout !== undefined && { timeout }), ...(log !== undefined && { log }) });
  const app = new Octokit({ auth: { appId, privateKey } });
  const pages = etagCache();
  const installations = new Map<string, number>();
  const spacings = new Map<number, ContentSpacing>();

  const observedOf = (installation?: number) =>
    observed === undefined ? {} : { observed: (answer: Answered) => observed({ ...answer, installation }) };
  const once = (requester: InstanceType<typeof Octokit>, route: string, parameters: Parameters, installation?: number): Promise<Sent> =>
    send(requester, route, parameters, { where: route, next: appNext, now, ...observedOf(installation) });
  const read = (route: string, parameters: Parameters = {}): Promise<Sent> => readAgain(() => once(app, route, parameters), waiting);

  const spacingOf = (installation: number): ContentSpacing => {
    const spacing = spacings.get(installation) ?? contentSpacing(options.contentSpacing ?? 3000, waiting);
    spacings.set(installation, spacing);
    return spacing;
  };

  async function installationOf(repository: string, anew?: "anew"): Promise<number> {
    const known = installations.get(repository);
    if (known !== undefined && anew === undefined) return known;
    const [owner, repo] = repository.split("/");
    try {
      const { id } = installationIdSchema.parse((await read("GET /repos/{owner}/{repo}/installation", { owner, repo })).data);
      installations.set(repository, id);
      return id;
    } catch (error) {
      if (!isMissing(error)) throw error;
      throw new GitHubRefused({
        what: `The App is not installed on ${repository}`,
        where: "GET /repos/{owner}/{repo}/installation",
        status: 404,
        next: "An owner of the repository installs it from the App's page.",
      });
    }
  }

  const tokens = installationTokens({
    now,
    installationOf,
    // Minting again after a lost answer leaves a second token behind, which expires by itself: it may be repeated like a read.
    mint: (installation, body) =>
      readAgain(
        async () =>
          (await once(app, "POST /app/installations/{installation_id}/access_tokens", { installation_id: installation, ...body })).data,
        waiting,
      ),
  });

  async function everyInstallation() {
    const all: z.infer<typeof installationSchema>[] = [];
    for (let page = 1; ; page += 1) {
      const list = z.array(installationSchema).parse((await read("GET /app/installations", { per_page: pageSize, page })).data);
      all.push(...list);
      if (list.length < pageSize) return all.filter(({ suspended_at }) => suspended_at === null || suspended_at === undefined);
    }
  }

  /** To list its repositories takes a token that is not narrowed to one; it may read nothing but their names. */
  async function repositoriesOf(installation: number): Promise<readonly InstalledRepository[]> {
    const client = new Octokit({ auth: { token: await tokens.namesToken(installation) } });
    const all: InstalledRepository[] = [];
    for (let page = 1; ; page += 1) {
      const sent = await readAgain(
        () => once(client, "GET /installation/repositories", { per_page: pageSize, page }, installation),
        waiting,
      );
      const { repositories } = repositoriesSchema.parse(sent.data);
      all.push(...repositories.map(({ id, full_name }) => ({ id, name: full_name })));
      if (repositories.length < pageSize) return all;
    }
  }

  let known: Promise<Self> | undefined;
  async function lookAtSelf(): Promise<Self> {
    const { id, slug } = appSchema.parse((await read("GET /app")).data);
    return { appId: id, login: `${slug}[bot]` };
  }

  async function permissions(): Promise<GrantedPermissions> {
    const [self, all] = await Promise.all([read("GET /app"), everyInstallation()]);
    return {
      app: appSchema.parse(self.data).permissions,
      accounts: all.map((installation) => ({
        account: installation.account?.login ?? `installation ${installation.id}`,
        permissions: installation.permissions,
      })),
    };
  }

  return {
    installationOf: (repository) => installationOf(repository),
    async repositories() {
      const all: InstalledRepository[] = [];
      for (const { id } of await everyInstallation()) all.push(...(await repositoriesOf(id)));
      return all;
    },
    token: tokens.token,
    async client(repository, wanted) {
      const token = await tokens.token(repository, wanted);
      const installation = await installationOf(repository);
      return githubClient({
        requester: new Octokit({ auth: { token } }),
        baseUrl,
        repository,
        permissions: wanted,
        spacing: spacingOf(installation),
        pages,
        unauthorized: () => tokens.forget(repository, wanted),
        ...observedOf(installation),
        ...waiting,
      });
    },
    self() {
      known ??= lookAtSelf().catch((error: unknown) => {
        known = undefined;
        throw error;
      });
      return known;
    },
    permissions,
    async registration() {
      const { data, headers } = await read("GET /app");
      const { slug, events } = registrationSchema.parse(data);
      return { login: `${slug}[bot]`, events, serverTime: Date.parse(String(headers["date"])) };
    },
    async deliveries() {
      const { data } = await read("GET /app/hook/deliveries", { per_page: newestDeliveries });
      return z
        .array(deliverySchema)
        .parse(data)
        .map(({ event, status_code }) => ({ event, status: status_code }));
    },
    missing: async (required) => missingPermissions(required, await permissions()),
  };
}
