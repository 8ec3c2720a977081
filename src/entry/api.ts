import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";

/** What the Action may ask the App. Both calls carry an OIDC token of audience `slipway:app`; neither decides anything. */
export interface ActionApi {
  /** What is live, for the model repository of the token. */
  live(caller: Caller, models: readonly string[]): Promise<object | undefined>;
  /** A hint that a run has left evidence. */
  runFinished(caller: Caller, run: { readonly run: number; readonly attempt: number }): void;
  /** Who calls; undefined when the token does not hold. */
  callerOf(token: string): Promise<Caller | undefined>;
}

export interface Caller {
  readonly repositoryId: number;
}

export const apiPath = "/api/slipway/v1/";

const largestBody = 4096;
const runSchema = z.strictObject({ run: z.number().int().positive(), attempt: z.number().int().positive() });

/** Answers a request below {@link apiPath}. */
export async function answerApi(api: ActionApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const reply = (status: number, body: object): void => {
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" }).end(JSON.stringify(body));
  };
  const url = new URL(request.url ?? "/", "http://slipway");
  const caller = await api.callerOf(bearer(request.headers.authorization));
  if (caller === undefined) return reply(401, { message: "An OIDC token of GitHub Actions with audience slipway:app is needed." });

  if (request.method === "GET" && url.pathname === `${apiPath}live`) {
    const live = await api.live(caller, url.searchParams.getAll("model"));
    return live === undefined ? reply(404, { message: "This App serves no models of that repository." }) : reply(200, live);
  }
  if (request.method === "POST" && url.pathname === `${apiPath}runs`) {
    const run = runSchema.safeParse(await readJson(request));
    if (!run.success) return reply(422, { message: "The body is {run, attempt}, both whole numbers." });
    api.runFinished(caller, run.data);
    return reply(202, {});
  }
  return reply(404, { message: "There is nothing here." });
}

function bearer(header: string | undefined): string {
  return /^bearer (\S+)$/i.exec(header ?? "")?.[1] ?? "";
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > largestBody) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
