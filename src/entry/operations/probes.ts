import type { IncomingMessage, ServerResponse } from "node:http";
import type { Registry } from "prom-client";

/** Answers what operators ask; false when it was something else. A path counts as it is written: what an ingress let through is not turned into another. */
export function answerProbe(registry: Registry, request: IncomingMessage, response: ServerResponse): boolean {
  const reply = (status: number, text: string): true => {
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" }).end(text);
    return true;
  };
  switch ((request.url ?? "/").split("?", 1)[0]) {
    case "/healthz":
      return reply(200, "ok\n");
    case "/readyz":
      return reply(200, "ready\n");
    case "/metrics":
      registry.metrics().then(
        (text) => response.writeHead(200, { "content-type": registry.contentType }).end(text),
        () => reply(500, "the metrics could not be read\n"),
      );
      return true;
    default:
      return false;
  }
}
