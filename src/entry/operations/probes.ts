import type { IncomingMessage, ServerResponse } from "node:http";
import type { Registry } from "prom-client";

interface Probed {
  /** Whether this process takes webhooks: from its start until it is asked to stop. */
  readonly ready: () => boolean;
  readonly registry: Registry;
}

/** Answers what operators ask; false when it was something else. */
export function answerProbe({ ready, registry }: Probed, request: IncomingMessage, response: ServerResponse): boolean {
  const reply = (status: number, text: string): true => {
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" }).end(text);
    return true;
  };
  switch (new URL(request.url ?? "/", "http://slipway").pathname) {
    case "/healthz":
      return reply(200, "ok\n");
    case "/readyz":
      return ready() ? reply(200, "ready\n") : reply(503, "stopping\n");
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
