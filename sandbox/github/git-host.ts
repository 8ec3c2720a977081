// Git over smart HTTP by git's own back end: clients meet real protocol errors. Same origin as the API.
import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { commitFiles } from "./commit-files.ts";
import type { GitFault } from "./faults.ts";
import { gitEnvironment } from "./git.ts";
import { identityOf, loginOf, permits, sees } from "./people.ts";
import { pushKey } from "./push-key.ts";
import { afterPush, type RefChange } from "./pushes.ts";
import type { Identity, Repository, World } from "./world.ts";

const gitPath = /^\/([^/]+\/[^/]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack|git-receive-pack))$/;

export const isGitRequest = (path: string): boolean => gitPath.test(path);

interface GitRequest {
  readonly operation: "advertise" | "probe" | "fetch" | "push";
  readonly writes: boolean;
  readonly repository: Repository;
  readonly path: string;
  readonly identity: Identity;
}

type Refusal = { readonly status: number; readonly text: string };

export async function serveGit(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  log: (entry: { status: number; login: string | null; held?: true; method?: "PUSH"; path?: string }) => void,
): Promise<void> {
  const asked = read(world, request, url);
  const refuse = (refusal: Refusal, login: string | null): void => {
    log({ status: refusal.status, login });
    const challenge = refusal.status === 401 ? { "www-authenticate": 'Basic realm="GitHub"' } : {};
    response.writeHead(refusal.status, { "content-type": "text/plain", ...challenge }).end(`${refusal.text}\n`);
    request.resume();
  };
  if ("status" in asked) return refuse(asked, null);
  const login = loginOf(asked.identity);

  const pushed = asked.operation === "push" && world.faults.holdsPushes ? await bytesOf(request) : undefined;
  const key = pushed === undefined ? "" : await pushKey(asked.repository.folder, pushed);
  const hold = (): void => log({ status: 0, login, held: true, method: "PUSH", path: key });
  const fault = world.faults.forGit(asked.operation, asked.repository.fullName, key);
  if (fault?.kind === "hold") return hold();
  if (fault?.kind === "delay") await new Promise((done) => setTimeout(done, fault.milliseconds));
  if (fault?.kind === "race") await loseTheRace(world, asked, fault);
  if (fault?.kind === "status") return refuse({ status: fault.status, text: "injected fault" }, login);

  const report = join(tmpdir(), `push-${randomUUID()}`);
  const output = await runBackend(asked, { request, pushed }, url, report, fault);
  const changes = asked.operation === "push" ? await readReport(report) : [];
  if (changes.length > 0) await afterPush(world, asked.repository, asked.identity, changes);
  if (fault?.kind === "apply-then-hold") return hold();
  if (fault?.kind === "cut-response" || response.destroyed) {
    log({ status: 0, login });
    request.socket.destroy(); // the push has been applied, the client never hears of it
    return;
  }
  const { status, headers, body } = cgiAnswer(output);
  log({ status, login });
  response.writeHead(status, headers).end(body);
}

async function loseTheRace(world: World, asked: GitRequest, fault: GitFault): Promise<void> {
  const winner = await commitFiles(world, asked.repository, { branch: fault.branch, message: "Somebody was faster", files: [fault.file] });
  if (winner !== undefined) await afterPush(world, asked.repository, asked.identity, [{ ref: `refs/heads/${fault.branch}`, ...winner }]);
}

function read(world: World, request: IncomingMessage, url: URL): GitRequest | Refusal {
  const [, name = "", path = ""] = gitPath.exec(url.pathname) ?? [];
  const writes = path === "/git-receive-pack" || url.searchParams.get("service") === "git-receive-pack";
  // Before a large push git posts four bytes, to settle authentication.
  const probe = writes && request.headers["content-length"] === "4";
  const operation = path === "/info/refs" ? "advertise" : probe ? "probe" : writes ? "push" : "fetch";
  const token = tokenOf(request.headers.authorization);
  const identity = token === undefined ? undefined : identityOf(world, token);
  if (identity === undefined || identity.kind === "app") return { status: 401, text: "authentication required" };
  const repository = world.repositories.get(name);
  if (repository === undefined || !sees(identity, repository)) return { status: 404, text: "repository not found" };
  if (!permits(identity, ["contents:read"], "read", repository)) return { status: 403, text: "read access to repository not granted" };
  if (writes && !permits(identity, ["contents:write"], "write", repository))
    return { status: 403, text: "write access to repository not granted" };
  return { operation, writes, repository, path, identity };
}

async function runBackend(
  asked: GitRequest,
  { request, pushed }: { readonly request: IncomingMessage; readonly pushed: Buffer | undefined },
  url: URL,
  report: string,
  fault: GitFault | undefined,
): Promise<Buffer> {
  const header = (name: string): string | undefined => request.headers[name]?.toString();
  const optional = {
    CONTENT_LENGTH: header("content-length"),
    HTTP_CONTENT_ENCODING: header("content-encoding"),
    GIT_PROTOCOL: header("git-protocol"),
  };
  const backend = spawn("git", ["http-backend"], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true, // a process group of its own: see `abandon`
    env: {
      ...gitEnvironment,
      ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
      GIT_PROJECT_ROOT: asked.repository.folder,
      GIT_HTTP_EXPORT_ALL: "1",
      REMOTE_USER: loginOf(asked.identity),
      REMOTE_ADDR: "127.0.0.1",
      PATH_INFO: asked.path,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: header("content-type") ?? "",
      DOUBLE_PUSH_REPORT: report,
    },
  });
  backend.stdin.on("error", () => {}); // the back end may end before it has read everything
  if (pushed === undefined) passOn(request, backend, fault);
  else backend.stdin.end(pushed);
  const chunks: Buffer[] = [];
  backend.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(backend, "close");
  return Buffer.concat(chunks);
}

/** Gives the back end what arrives as it arrives, so that a line that is cut is cut for it too. */
function passOn(request: IncomingMessage, backend: ChildProcessByStdio<Writable, Readable, null>, fault: GitFault | undefined): void {
  let received = 0;
  request.on("data", (chunk: Buffer) => {
    received += chunk.length;
    if (fault?.kind === "cut-request" && received >= fault.bytes) {
      request.destroy();
    } else if (!backend.stdin.write(chunk)) {
      request.pause();
      backend.stdin.once("drain", () => request.resume());
    }
  });
  request.on("end", () => backend.stdin.end());
  request.on("close", () => (request.complete ? backend.stdin.end() : abandon(backend)));
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Told to expect more than ever comes, git's back end waits in a busy loop: it goes with the line, and what hangs on it too. */
function abandon(backend: ChildProcess): void {
  if (backend.pid === undefined || backend.exitCode !== null) return;
  try {
    process.kill(-backend.pid, "SIGKILL");
  } catch {
    backend.kill("SIGKILL"); // the group is gone already
  }
}

async function readReport(file: string): Promise<readonly RefChange[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  await rm(file, { force: true });
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [before = "", after = "", ...ref] = line.split(" ");
      return { before, after, ref: ref.join(" ") };
    });
}

function cgiAnswer(output: Buffer): { status: number; headers: Record<string, string>; body: Buffer } {
  const split = output.indexOf("\r\n\r\n");
  if (split < 0) return { status: 500, headers: {}, body: output };
  const lines = output.subarray(0, split).toString().split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const { status = "200", ...rest } = headers;
  return { status: Number.parseInt(status, 10), headers: rest, body: output.subarray(split + 4) };
}

/** Basic (any user name, the token as password), Bearer or token. */
export function tokenOf(authorization = ""): string | undefined {
  const [scheme = "", value = ""] = authorization.split(" ");
  if (/^(bearer|token)$/i.test(scheme)) return value;
  if (scheme.toLowerCase() !== "basic") return undefined;
  const text = Buffer.from(value, "base64").toString();
  return text.slice(text.indexOf(":") + 1);
}
