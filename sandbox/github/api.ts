// One REST call: who asks, may they, does it keep GitHub's description, and only then the work.
import { createHash, randomUUID } from "node:crypto";
import { apps } from "./apps.ts";
import { checks } from "./checks.ts";
import { comments } from "./comments.ts";
import { contents } from "./contents.ts";
import { gitData } from "./git-data.ts";
import { tokenOf } from "./git-host.ts";
import type { Match } from "./github-description.ts";
import { issues } from "./issues.ts";
import { hasPermission, identityOf, loginOf, permits, sees } from "./people.ts";
import { pulls } from "./pulls.ts";
import { type Call, notFound, Refusal, type Reply, type Route, type Routes } from "./reply.ts";
import { repositories } from "./repositories.ts";
import { runs } from "./runs.ts";
import { users } from "./users.ts";
import type { Identity, Repository, RequestEntry, World } from "./world.ts";

const served: Routes = {
  ...apps,
  ...repositories,
  ...gitData,
  ...contents,
  ...pulls,
  ...issues,
  ...comments,
  ...checks,
  ...runs,
  ...users,
};

export interface ApiRequest {
  readonly method: string;
  /** Without /api/v3, still percent-encoded. */
  readonly path: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export async function serveApi(world: World, request: ApiRequest, entry: RequestEntry): Promise<Reply> {
  const match = world.contract.match(request.method, request.path);
  entry.operation = match?.operation ?? null;
  const route = match === undefined ? undefined : served[match.operation];
  if (match === undefined || route === undefined) {
    world.contract.violations.push({
      about: "unserved",
      operation: `${request.method} ${request.path}`,
      message: "the double does not serve this",
    });
    return refusal(notFound());
  }
  const reply = await answer(world, request, entry, match, route);
  const violation = Buffer.isBuffer(reply.body) ? undefined : world.contract.checkResponse(match, reply.status, reply.body);
  if (violation !== undefined && world.strict) return refusal(new Refusal(500, `The double broke GitHub's contract: ${violation.message}`));
  return conditional(request, reply);
}

async function answer(world: World, request: ApiRequest, entry: RequestEntry, match: Match, route: Route): Promise<Reply> {
  try {
    const identity = await authenticate(world, request.headers.authorization);
    entry.login = loginOf(identity);
    const body = parseBody(request.body);
    const call: Call = {
      world,
      identity,
      params: match.params,
      url: request.url,
      query: request.url.searchParams,
      body,
      accept: request.headers.accept ?? "",
    };
    const repository = authorise(call, route);
    const violation = world.contract.checkRequest(match, call.query, body);
    if (violation !== undefined) throw new Refusal(422, "Invalid request.", [{ code: "invalid", message: violation.message }]);
    return await route.handle(call, repository);
  } catch (error) {
    if (error instanceof Refusal) return refusal(error);
    throw error;
  }
}

async function authenticate(world: World, authorization: string | undefined): Promise<Identity> {
  const token = tokenOf(authorization);
  if (token === undefined || token === "") throw new Refusal(401, "Requires authentication");
  if (/^eyJ[^.]*\.[^.]+\.[^.]+$/.test(token)) {
    const verdict = await world.verifyAppToken(token);
    if (verdict === true) return { kind: "app", app: world.app };
    throw new Refusal(401, verdict);
  }
  const identity = identityOf(world, token);
  if (identity === undefined) throw new Refusal(401, "Bad credentials");
  return identity;
}

/** Foreign repositories do not exist (404); a known one without the permission is forbidden (403). */
function authorise(call: Call, route: Route): Repository | undefined {
  const { identity, world, params } = call;
  const { access } = route;
  const forbidden = new Refusal(
    403,
    identity.kind === "person" ? "Must have admin rights to Repository." : "Resource not accessible by integration",
  );
  switch (access.by) {
    case "anyone":
      return undefined;
    case "app":
      if (identity.kind !== "app") throw new Refusal(401, "A JSON web token could not be decoded");
      return undefined;
    case "installation":
    case "person":
      if (identity.kind !== access.by) throw forbidden;
      return undefined;
    case "organisation": {
      const member = identity.kind === "person" && world.members.get(params.org ?? "")?.has(identity.login) === true;
      if (identity.kind === "installation" && identity.account !== params.org) throw notFound();
      if (!member && !(identity.kind === "installation" && access.app.some((need) => hasPermission(identity.permissions, need))))
        throw forbidden;
      return undefined;
    }
    case "repository": {
      const repository = world.repositories.get(`${params.owner}/${params.repo}`);
      if (identity.kind === "app") throw forbidden;
      if (repository === undefined || !sees(identity, repository)) throw notFound();
      if (!permits(identity, access.app, access.person, repository)) throw refusesBy404(call) ? notFound() : forbidden;
      return repository;
    }
  }
}

function refusesBy404({ identity, world }: Call): boolean {
  if (identity.kind !== "installation") return false;
  return world.installations.find(({ account }) => account === identity.account)?.refusal === 404;
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new Refusal(400, "Problems parsing JSON");
  }
}

export function refusal(error: Refusal): Reply {
  return {
    status: error.status,
    body: {
      message: error.message,
      ...(error.errors === undefined ? {} : { errors: error.errors }),
      documentation_url: "https://docs.github.com/rest",
      status: String(error.status),
    },
  };
}

/** A GET that is asked again with its ETag costs nothing while nothing changed. */
function conditional(request: ApiRequest, reply: Reply): Reply {
  const bytes = Buffer.isBuffer(reply.body) ? reply.body : Buffer.from(JSON.stringify(reply.body) ?? "");
  const headers = { "x-github-request-id": randomUUID(), "x-github-media-type": "github.v3; format=json", ...reply.headers };
  if (request.method !== "GET" || reply.status !== 200) return { ...reply, headers };
  const etag = `W/"${createHash("sha256").update(bytes).digest("hex")}"`;
  const known = (request.headers["if-none-match"] ?? "").split(",").map((tag) => tag.trim().replace(/^(W\/)?/, "W/"));
  if (known.includes(etag)) return { status: 304, headers: { ...headers, etag } };
  return { ...reply, headers: { ...headers, etag } };
}
