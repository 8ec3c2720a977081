/**
 * One replica of one version, as a process of its own: `backend.ts <artifact.json> <digest>`, forked by the serving stack.
 * It refuses an artifact of another digest, ranks the collection once, and tells its parent the port. It ends with its parent.
 */
import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createServer } from "node:http";
import { readCranfield } from "#sandbox/rankers/cranfield.ts";
import { rank } from "#sandbox/rankers/rank.ts";
import { digestOf, parseRankerArtifact } from "#sandbox/rankers/ranker-artifact.ts";
import { words } from "#sandbox/rankers/tokens.ts";
import { singleServerQueue } from "./single-server-queue.ts";

const shown = 10;
const queueLimit = 200;

type Answer = { readonly body: Buffer; readonly milliseconds: number };

const [path = "", digest = ""] = process.argv.slice(2);
const bytes = readFileSync(path);
if (digestOf(bytes) !== digest) throw new Error(`${path} is ${digestOf(bytes)}, not ${digest}`);
const answers = answersOf(bytes.toString("utf8"));
const queue = singleServerQueue(queueLimit);

const server = createServer((request, response) => {
  const query = new URL(request.url ?? "/", "http://backend").searchParams.get("q") ?? "";
  const answer = answers.get(query);
  if (answer === undefined) return send(response, 404, Buffer.from(`${JSON.stringify({ error: `no query ${query}` })}\n`));
  if (answer.milliseconds === 0) return send(response, 200, answer.body);
  const giveUp = queue.submit(answer.milliseconds, () => send(response, 200, answer.body));
  if (giveUp === undefined) return send(response, 503, Buffer.from(`${JSON.stringify({ error: "the queue is full" })}\n`));
  response.on("close", giveUp);
});
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") process.send?.({ port: address.port });
});

process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), 1_000).unref();
});

function answersOf(text: string): ReadonlyMap<string, Answer> {
  const artifact = parseRankerArtifact(text);
  const collection = readCranfield();
  const lengths = new Map([...collection.documents].map(([id, document]) => [id, words(document).length]));
  return new Map(
    [...rank(artifact, collection)].map(([query, scored]) => {
      const read = scored.reduce((sum, { document }) => sum + (lengths.get(document) ?? 0), 0);
      const body = JSON.stringify({ query_id: query, documents: scored.slice(0, shown).map(({ document }) => document) });
      return [query, { body: Buffer.from(`${body}\n`), milliseconds: (read * artifact.serving.microsecondsPerWord) / 1_000 }];
    }),
  );
}

function send(response: ServerResponse, status: number, body: Buffer): void {
  if (response.destroyed) return;
  response.writeHead(status, { "content-type": "application/json", "content-length": body.length });
  response.end(body);
}
