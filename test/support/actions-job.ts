import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly body: string;
}

export interface ActionsJob {
  readonly workspace: string;
  /** What a step's process gets from the runner. */
  readonly environment: Readonly<Record<string, string>>;
  readonly url: string;
  /** What the App was asked so far. */
  readonly calls: readonly Call[];
  /** The App's answers, by path without the query; 404 for all others. */
  answer(path: string, status: number, body: unknown): void;
  outputs(): Readonly<Record<string, string>>;
  summary(): string;
  close(): Promise<void>;
}

export const requestToken = "request-token-of-the-job";

/** The token that the job's issuer gives for an audience: readable, since only who asks for what is of interest here. */
export function tokenFor(audience: string): string {
  return `token.${Buffer.from(audience).toString("base64url")}.signed`;
}

/** The surroundings of one step: the files and variables of a runner, its OIDC endpoint, and an App, on one loopback server. */
export async function actionsJob({ head, idToken = true }: { readonly head: string; readonly idToken?: boolean }): Promise<ActionsJob> {
  const workspace = mkdtempSync(join(tmpdir(), "actions-job-"));
  const temp = join(workspace, "_temp");
  mkdirSync(temp);
  for (const file of ["output", "summary"]) writeFileSync(join(temp, file), "");
  writeFileSync(
    join(temp, "event.json"),
    JSON.stringify({ action: "synchronize", number: 7, pull_request: { number: 7, head: { sha: head }, base: { sha: "b".repeat(40) } } }),
  );
  const calls: Call[] = [];
  const answers = new Map<string, { readonly status: number; readonly body: unknown }>();
  const server = createServer((request, response): void => {
    const url = new URL(request.url ?? "/", "http://job");
    const reply = (status: number, body: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (url.pathname === "/_oidc/token") {
      if (request.headers.authorization !== `Bearer ${requestToken}`) return reply(401, {});
      return reply(200, { value: tokenFor(url.searchParams.get("audience") ?? "") });
    }
    void askedOfApp(request, url);
    async function askedOfApp(message: IncomingMessage, { pathname, search }: URL): Promise<void> {
      const authorization = message.headers.authorization ?? "";
      calls.push({ method: message.method ?? "", path: `${pathname}${search}`, authorization, body: await bodyOf(message) });
      const { status, body } = answers.get(pathname) ?? { status: 404, body: {} };
      reply(status, body);
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const url = `http://127.0.0.1:${address.port}`;

  const oidc = { ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/_oidc/token?api-version=2.0`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken };
  return {
    workspace,
    url,
    calls,
    environment: {
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: workspace,
      GITHUB_EVENT_NAME: "pull_request",
      GITHUB_EVENT_PATH: join(temp, "event.json"),
      GITHUB_REPOSITORY_ID: "1",
      GITHUB_RUN_ID: "42",
      GITHUB_RUN_ATTEMPT: "2",
      GITHUB_OUTPUT: join(temp, "output"),
      GITHUB_STEP_SUMMARY: join(temp, "summary"),
      ...(idToken ? oidc : {}),
    },
    answer: (path, status, body) => answers.set(path, { status, body }),
    outputs: () => outputsIn(readFileSync(join(temp, "output"), "utf8")),
    summary: () => readFileSync(join(temp, "summary"), "utf8"),
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      rmSync(workspace, { recursive: true, force: true });
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** `name<<delimiter`, the value's lines, the delimiter. */
function outputsIn(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...text.matchAll(/^(.+?)<<(\S+)\n([\s\S]*?)\n\2$/gm)].map(([, name = "", , value = ""]) => [name, value]));
}
