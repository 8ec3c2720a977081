// One origin for everything that GitHub is to Slipway: REST, git, the runner's services, and the double's own controls.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type ApiRequest, refusal, serveApi } from "./api.ts";
import { serveBlob, serveTwirp } from "./artifact-store.ts";
import { commitFiles } from "./commit-files.ts";
import { serveControl } from "./control.ts";
import type { ApiFault } from "./faults.ts";
import { isGitRequest, serveGit, tokenOf } from "./git-host.ts";
import { discovery, mint } from "./oidc.ts";
import { addAccount } from "./people.ts";
import { afterPush } from "./pushes.ts";
import { rateOf, spend } from "./rate-limit.ts";
import { Refusal, type Reply } from "./reply.ts";
import { currentAttempt, type Identity, type RequestEntry, type World } from "./world.ts";

/** `world` is asked for at each request, since it can only be made once the port is known. */
export function makeServer(world: () => World): Server {
  return createServer((request, response) => {
    serve(world(), request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return;
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      console.error(`GitHub double: ${request.method} ${request.url}: ${text}`);
      send(response, refusal(new Refusal(500, `The double failed: ${text}`)));
    });
  });
}

async function serve(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", world.origin);
  const method = request.method ?? "GET";
  const path = url.pathname.replace(/^\/api\/v3(?=\/|$)/, "");
  if (path.startsWith("/_double/")) return send(response, await serveControl(world, method, url, await read(request)));

  const entry: RequestEntry = { at: world.clock().toISOString(), method, path: path + url.search, operation: null, login: null, status: 0 };
  world.requests.push(entry);
  if (isGitRequest(url.pathname)) {
    entry.operation = "git";
    return await serveGit(world, request, response, url, (result) => Object.assign(entry, result));
  }
  const body = await read(request);
  const reply = runnerService(world, method, url, request, body);
  if (reply !== undefined) {
    const answer = await reply;
    entry.status = answer.status;
    if (path.startsWith("/_blob/")) Object.assign(entry, { path }); // the signature stays out of the log
    return send(response, answer);
  }
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, value?.toString()]));
  await serveWithFaults(world, { method, path, url, headers, body }, entry, response);
}

async function serveWithFaults(world: World, request: ApiRequest, entry: RequestEntry, response: ServerResponse): Promise<void> {
  const fault = world.faults.forApi(request.method, request.path);
  if (fault !== undefined) entry.fault = fault.kind;
  if (fault?.kind === "drop") return void response.destroy();
  if (fault?.kind === "hold") {
    entry.held = true;
    return;
  }
  const instead = fault && answerInstead(world, fault);
  if (instead !== undefined) {
    entry.status = instead.status;
    return send(response, instead);
  }
  if (fault?.kind === "delay") await new Promise((done) => setTimeout(done, fault.milliseconds));
  if (fault?.kind === "barrier") await world.barriers.wait(fault.name);
  if (fault?.kind === "race") await loseTheRace(world, fault);
  const reply = await serveApi(world, request, entry);
  if (fault?.kind === "apply-then-barrier") await world.barriers.wait(fault.name);
  if (fault?.kind === "apply-then-drop") return void response.destroy();
  if (fault?.kind === "apply-then-hold") {
    entry.held = true;
    return;
  }
  if (fault?.kind === "apply-then-502") {
    entry.status = fault.status;
    return send(response, refusal(new Refusal(fault.status, fault.message)));
  }
  entry.status = reply.status;
  if (entry.login !== null && reply.status !== 304) spend(world, entry.login);
  const rate = rateOf(world, entry.login);
  const limits = Object.fromEntries(Object.entries(rate).map(([name, value]) => [`x-ratelimit-${name}`, String(value)]));
  send(response, { ...reply, headers: { ...limits, ...reply.headers } });
}

/** A refusal in place of the work; a limit speaks as GitHub's do. */
function answerInstead(world: World, fault: ApiFault): Reply | undefined {
  switch (fault.kind) {
    case "status":
      return { ...refusal(new Refusal(fault.status, fault.message)), headers: fault.headers };
    case "secondary-limit":
      return {
        ...refusal(new Refusal(403, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.")),
        headers: { "retry-after": String(fault.seconds) },
      };
    case "primary-limit": {
      const reset = Math.ceil(world.clock().getTime() / 1000) + fault.seconds;
      return {
        ...refusal(new Refusal(403, "API rate limit exceeded for installation.")),
        headers: { "x-ratelimit-limit": "15000", "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) },
      };
    }
    default:
      return undefined;
  }
}

async function loseTheRace(world: World, fault: ApiFault): Promise<void> {
  const repository = world.repositories.get(fault.repository);
  if (repository === undefined) throw new Error(`a race in ${fault.repository}, which is no repository here`);
  addAccount(world, "somebody", "User");
  const identity: Identity = { kind: "person", login: "somebody" };
  const winner = await commitFiles(world, repository, { branch: fault.branch, message: "Somebody was faster", files: [fault.file] });
  if (winner !== undefined) await afterPush(world, repository, identity, [{ ref: `refs/heads/${fault.branch}`, ...winner }]);
}

/** What only a job's processes call: tokens of identity and artifacts. */
function runnerService(world: World, method: string, url: URL, request: IncomingMessage, body: Buffer): Promise<Reply> | Reply | undefined {
  const { pathname } = url;
  if (pathname === "/_oidc/.well-known/openid-configuration") return { status: 200, body: discovery(world) };
  if (pathname === "/_oidc/.well-known/jwks") return { status: 200, body: world.oidc.jwks };
  if (pathname === "/_oidc/token") return idToken(world, url, tokenOf(request.headers.authorization));
  if (pathname.startsWith("/_blob/")) return serveBlob(world, method, url, body);
  const twirp = /^\/twirp\/github\.actions\.results\.api\.v1\.ArtifactService\/(\w+)$/.exec(pathname)?.[1];
  return twirp === undefined ? undefined : serveTwirp(world, twirp, tokenOf(request.headers.authorization), JSON.parse(body.toString()));
}

async function idToken(world: World, url: URL, token: string | undefined): Promise<Reply> {
  const job = world.jobs.find((candidate) => candidate.idRequestToken === token);
  const alive = job !== undefined && job.run.idToken && job.attempt.status !== "completed" && currentAttempt(job.run) === job.attempt;
  if (!alive) return refusal(new Refusal(401, "the request token is not that of a running job with id-token: write"));
  return { status: 200, body: { value: await mint(world, job.run, job.attempt, url.searchParams.get("audience")) } };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, reply: Reply): void {
  const { body } = reply;
  const bytes = Buffer.isBuffer(body) ? body : body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const type = bytes === undefined ? {} : { "content-type": "application/json; charset=utf-8" };
  response.writeHead(reply.status, { ...type, ...reply.headers }).end(bytes);
}
