import { z } from "zod";
import type { ContentSpacing } from "./content-spacing.ts";
import { type Download, download } from "./download.ts";
import type { EtagCache, SeenPage } from "./etag-cache.ts";
import { GitHubUnavailable, isMissing } from "./github-unavailable.ts";
import { maximumPages, pageSize } from "./limits.ts";
import { neededPermissions, whoGrants } from "./needed-permissions.ts";
import { readAgain, type Waiting } from "./read-again.ts";
import { type Answered, type Requester, type Sent, send } from "./send.ts";

export type Parameters = Readonly<Record<string, unknown>>;

/**
 * GitHub for one repository with one set of permissions. Routes are written as in GitHub's REST reference; `owner` and `repo` are filled in.
 * Every answer is read by a schema. Reads are repeated when that can help; writes never are.
 */
export interface GitHubClient {
  get<Shape extends z.ZodType>(route: string, parameters: Parameters, shape: Shape): Promise<z.infer<Shape>>;
  /** Like `get`; undefined when there is no such thing. */
  find<Shape extends z.ZodType>(route: string, parameters: Parameters, shape: Shape): Promise<z.infer<Shape> | undefined>;
  /** Every page of a list. */
  list<Shape extends z.ZodType>(route: string, parameters: Parameters, list: ListOf<Shape>): Promise<readonly z.infer<Shape>[]>;
  /** One write, once. `content` says that GitHub counts it as content creation: those are spaced. */
  write<Shape extends z.ZodType>(route: string, parameters: Parameters, shape: Shape, kind?: "content"): Promise<z.infer<Shape>>;
  /** Bytes, as long as they are not more than the limit. */
  download(route: string, parameters: Parameters, limit: number): Promise<Download>;
}

export interface ListOf<Shape extends z.ZodType> {
  readonly item: Shape;
  /** The key that holds the list in an answer that is an object. */
  readonly under?: string;
  /** Ask only for what changed since the same question was last asked. */
  readonly conditional?: true;
}

/** How an adapter comes to a client: a token for one repository that may do no more than the permissions say. */
export interface GitHubAccess {
  client(repository: string, permissions: Permissions): Promise<GitHubClient>;
  /** Who we are, so that we know what we wrote. */
  self(): Promise<Self>;
}

export type Permissions = Readonly<Record<string, "read" | "write">>;

export interface Self {
  /** Undefined for a workflow's token, of which GitHub does not tell the App behind it: the login alone says who wrote. */
  readonly appId?: number;
  /** The login of the App's bot user, `slipway[bot]`. */
  readonly login: string;
}

interface Connection extends Waiting {
  readonly requester: Requester & { request: { endpoint(route: string, parameters?: Record<string, unknown>): { readonly url: string } } };
  readonly baseUrl: string;
  /** owner/name */
  readonly repository: string;
  readonly permissions: Permissions;
  readonly spacing: ContentSpacing;
  readonly pages: EtagCache;
  now(): number;
  /** GitHub no longer takes the token. */
  unauthorized(): void;
  readonly observed?: (answer: Answered) => void;
}

export function githubClient(connection: Connection): GitHubClient {
  const { requester, repository, permissions, spacing, pages } = connection;
  const [owner, repo] = repository.split("/");
  const needs = neededPermissions(repository, permissions);

  const once = async (route: string, parameters: Parameters): Promise<Sent> => {
    const complete = { owner, repo, ...parameters };
    try {
      return await send(requester, route, complete, {
        where: whereOf(route, complete),
        next: whoGrants(needs),
        needs,
        now: connection.now,
        ...(connection.observed !== undefined && { observed: connection.observed }),
      });
    } catch (error) {
      if (error instanceof GitHubUnavailable && error.status === 401) connection.unauthorized();
      throw error;
    }
  };
  const whereOf = (route: string, parameters: Record<string, unknown>): string => {
    const [method = "GET"] = route.split(" ");
    return `${method} ${new URL(requester.request.endpoint(route, parameters).url).pathname}`;
  };
  const read = (route: string, parameters: Parameters): Promise<Sent> => readAgain(() => once(route, parameters), connection);

  const get: GitHubClient["get"] = async (route, parameters, shape) => parse(shape, (await read(route, parameters)).data, route);

  const onePage = async <Shape extends z.ZodType>(route: string, parameters: Parameters, list: ListOf<Shape>): Promise<SeenPage> => {
    const key = JSON.stringify([repository, route, parameters]);
    const seen = list.conditional ? pages.get(key) : undefined;
    const sent = await read(route, seen === undefined ? parameters : { ...parameters, headers: { "if-none-match": seen.etag } });
    if (sent.status === 304 && seen !== undefined) return seen;
    const items = parse(z.array(list.item), list.under === undefined ? sent.data : under(list.under, sent.data), route);
    const page = { etag: String(sent.headers["etag"] ?? ""), items, more: /rel="next"/.test(String(sent.headers["link"] ?? "")) };
    if (list.conditional && page.etag !== "") pages.set(key, page);
    return page;
  };

  return {
    get,
    async find(route, parameters, shape) {
      try {
        return await get(route, parameters, shape);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async list(route, parameters, list) {
      const items: unknown[] = [];
      for (let page = 1; page <= maximumPages; page += 1) {
        const seen = await onePage(route, { ...parameters, per_page: pageSize, page }, list);
        items.push(...seen.items);
        if (!seen.more) return parse(z.array(list.item), items, route);
      }
      throw new GitHubUnavailable({
        what: `The list has more than ${maximumPages} pages`,
        where: route,
        next: "Close or archive what is no longer needed.",
      });
    },
    async write(route, parameters, shape, kind) {
      if (kind === "content") await spacing.turn();
      return parse(shape, (await once(route, parameters)).data, route);
    },
    download: (route, parameters, limit) =>
      readAgain(() => download({ once, baseUrl: connection.baseUrl }, route, parameters, limit), connection),
  };
}

function under(key: string, data: unknown): unknown {
  return z.object({ [key]: z.unknown() }).safeParse(data).data?.[key];
}

function parse<Shape extends z.ZodType>(shape: Shape, data: unknown, where: string): z.infer<Shape> {
  const parsed = shape.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined ? "" : `: ${issue.path.join(".")} ${issue.message}`;
  throw new GitHubUnavailable({
    what: `GitHub's answer has an unexpected shape${place}`,
    where,
    next: "Check that the base URL is a GitHub API.",
  });
}
