import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** `race` lets somebody else push while ours is on its way; `cut-response` applies the push and then hangs up. */
export type GitHttpFault =
  | { readonly on: Operation; readonly does: "status"; readonly status: number; readonly text?: (authorization: string) => string }
  | { readonly on: Operation; readonly does: "delay"; readonly milliseconds: number }
  | { readonly on: Operation; readonly does: "race"; readonly run: () => Promise<unknown> }
  | { readonly on: Operation; readonly does: "cut-response"; readonly after?: () => Promise<unknown> };
type Operation = "advertise" | "fetch" | "push";

export interface GitHttp {
  readonly url: string;
  /** The bare repository behind the URL. */
  readonly folder: string;
  /** Each strikes once, in this order. */
  readonly faults: GitHttpFault[];
  /** Every request so far. */
  readonly requests: string[];
  protect(branch: string): void;
  /** Somebody's commit on top of a branch; null deletes a file. Never called while git runs synchronously: the server lives here. */
  edit(
    files: Readonly<Record<string, string | null>>,
    by?: { readonly name: string; readonly email: string; readonly message: string },
  ): Promise<string>;
  git(...args: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

const somebody = { name: "Alex Person", email: "alex@example.com", message: "By hand" };

/** One repository over smart HTTP by `git http-backend`, on loopback: clients meet real protocol errors. `main` has one commit. */
export async function gitHttp(token: string, first: Readonly<Record<string, string>> = { "README.md": "hello\n" }): Promise<GitHttp> {
  const root = mkdtempSync(join(tmpdir(), "git-http-"));
  const folder = join(root, "environments.git");
  mkdirSync(folder);
  const setUp = (...args: readonly string[]) => execFileSync("git", ["-C", folder, ...args], { stdio: "ignore", env: environment });
  setUp("init", "--quiet", "--bare", "--initial-branch=main");
  for (const [key, value] of Object.entries(serverConfiguration)) setUp("config", key, value);
  writeFileSync(join(folder, "hooks", "pre-receive"), protectedBranches);
  chmodSync(join(folder, "hooks", "pre-receive"), 0o755);

  const faults: GitHttpFault[] = [];
  const requests: string[] = [];
  const server = createServer((request, response) => {
    serve({ root, token, faults, requests }, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");

  const git = async (...args: readonly string[]) =>
    (await run("git", ["-C", folder, ...args], { env: environment, maxBuffer: 64 << 20 })).stdout;
  const host: GitHttp = {
    url: `http://127.0.0.1:${address.port}/environments.git`,
    folder,
    faults,
    requests,
    git,
    protect: (branch) => setUp("config", "--add", "slipway.protect", `refs/heads/${branch}`),
    async edit(files, by = somebody) {
      const tip = (await git("for-each-ref", "--format=%(objectname)", "refs/heads/main")).trim();
      const parts = [
        `commit refs/heads/main\ncommitter ${by.name} <${by.email}> ${Math.floor(Date.now() / 1000)} +0000\n`,
        `data ${Buffer.byteLength(by.message)}\n${by.message}\n${tip === "" ? "" : `from ${tip}\n`}`,
        ...Object.entries(files).map(([path, text]) =>
          text === null ? `D ${quoted(path)}\n` : `M 100644 inline ${quoted(path)}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
        ),
      ];
      await feed(folder, ["fast-import", "--quiet"], parts.join(""));
      return (await git("rev-parse", "refs/heads/main")).trim();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      rmSync(root, { recursive: true, force: true });
    },
  };
  await host.edit(first);
  return host;
}

const environment = { PATH: process.env["PATH"], GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", LC_ALL: "C" };

const serverConfiguration = {
  "http.receivepack": "true",
  "uploadpack.allowFilter": "true",
  "uploadpack.allowAnySHA1InWant": "true",
  "receive.fsckObjects": "true",
};

const protectedBranches = `#!/bin/sh
while read -r old new ref; do
  if git config --get-all slipway.protect | grep -qxF "$ref"; then
    echo "error: GH006: Protected branch update failed for $ref." >&2
    echo "error: Changes must be made through a pull request." >&2
    exit 1
  fi
done
exit 0
`;

interface Host {
  readonly root: string;
  readonly token: string;
  readonly faults: GitHttpFault[];
  readonly requests: string[];
}

async function serve({ root, token, faults, requests }: Host, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const pushes = url.pathname.endsWith("/git-receive-pack");
  // Before a large push git posts four bytes, to settle authentication.
  const probe = pushes && request.headers["content-length"] === "4";
  const operation = url.pathname.endsWith("/info/refs") ? "advertise" : pushes ? "push" : "fetch";
  requests.push(probe ? "probe" : operation);
  const refuse = (status: number, text: string): void => {
    const challenge = status === 401 ? { "www-authenticate": 'Basic realm="git"' } : {};
    response.writeHead(status, { "content-type": "text/plain", ...challenge }).end(`${text}\n`);
    request.resume();
  };
  const authorization = request.headers.authorization ?? "";
  if (authorization !== `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`) return refuse(401, "authentication required");

  const index = probe ? -1 : faults.findIndex((fault) => fault.on === operation);
  const fault = index < 0 ? undefined : faults.splice(index, 1)[0];
  if (fault?.does === "delay") await new Promise((done) => setTimeout(done, fault.milliseconds));
  if (fault?.does === "race") await fault.run();
  if (fault?.does === "status") return refuse(fault.status, fault.text?.(authorization) ?? "injected fault");

  const output = await backend(root, request, url);
  if (fault?.does === "cut-response") {
    await fault.after?.();
    request.socket.destroy();
    return;
  }
  const split = output.indexOf("\r\n\r\n");
  const headers = Object.fromEntries(
    output
      .toString("latin1", 0, split)
      .split("\r\n")
      .map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const { status = "200", ...rest } = headers;
  response.writeHead(Number.parseInt(status, 10), rest).end(output.subarray(split + 4));
}

async function backend(root: string, request: IncomingMessage, url: URL): Promise<Buffer> {
  const optional = {
    CONTENT_LENGTH: request.headers["content-length"],
    HTTP_CONTENT_ENCODING: request.headers["content-encoding"],
    GIT_PROTOCOL: request.headers["git-protocol"]?.toString(),
  };
  const child = spawn("git", ["http-backend"], {
    stdio: ["pipe", "pipe", "ignore"],
    env: {
      ...environment,
      ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      REMOTE_USER: "slipway",
      REMOTE_ADDR: "127.0.0.1",
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"] ?? "",
    },
  });
  child.stdin.on("error", () => {}); // it may end before it has read everything
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  await new Promise((done) => child.on("close", done));
  return Buffer.concat(chunks);
}

function quoted(path: string): string {
  return `"${path.replaceAll(/["\\]/g, "\\$&")}"`;
}

async function feed(folder: string, args: readonly string[], input: string): Promise<void> {
  const child = spawn("git", ["-C", folder, ...args], { stdio: ["pipe", "ignore", "inherit"], env: environment });
  child.stdin.end(input);
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`git ${args[0]} ended with ${String(code)}`);
}
