import { z } from "zod";
import { liveAnswerSchema } from "#domain/report/live-answer.ts";
import type { IdentityToken } from "#ports/runner.ts";
import type { SlipwayApp } from "#ports/slipway-app.ts";

export interface HttpSlipwayAppSettings {
  /** `https://slipway.acme.dev`; plain http only on this machine, since a token goes with each call. */
  readonly url: URL;
  /** A token of audience `slipway:app`. */
  token(): Promise<IdentityToken>;
}

const apiPath = "api/slipway/v1/";
/** The Action has other things to do than to wait for a hint. */
const patience = 10_000;
const largestAnswer = 1024 * 1024;

type Called =
  | { readonly kind: "called"; readonly status: number; readonly body: string }
  | { readonly kind: "unanswered"; readonly reason: string };

/** The App over HTTP. Whatever goes wrong is an answer: the Action does without. */
export function httpSlipwayApp({ url, token }: HttpSlipwayAppSettings): SlipwayApp {
  const call = async (path: string, init: RequestInit): Promise<Called> => {
    const identity = await token();
    if (identity.kind === "none") return unanswered(identity.reason);
    const address = new URL(path, url.href.endsWith("/") ? url : `${url.href}/`);
    try {
      const response = await fetch(address, {
        ...init,
        headers: { ...init.headers, authorization: `Bearer ${identity.token}`, accept: "application/json" },
        // A redirect would carry the token to somebody else.
        redirect: "error",
        signal: AbortSignal.timeout(patience),
      });
      return { kind: "called", status: response.status, body: await readCapped(response) };
    } catch (error) {
      return unanswered(
        error instanceof Error && error.name === "TimeoutError" ? `no answer within ${patience / 1000} s` : "it could not be reached",
      );
    }
  };

  return {
    async live(model) {
      const called = await call(`${apiPath}live?model=${encodeURIComponent(model)}`, { method: "GET" });
      if (called.kind === "unanswered") return called;
      if (called.status !== 200) return unanswered(`it answered ${called.status}`);
      const answer = liveAnswerSchema.safeParse(jsonOf(called.body));
      return answer.success
        ? { kind: "answer", answer: answer.data }
        : unanswered(`its answer is not understood: ${z.prettifyError(answer.error).split("\n")[0] ?? ""}`);
    },
    async announce(run, attempt) {
      const called = await call(`${apiPath}runs`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ run, attempt }),
      });
      if (called.kind === "unanswered") return called;
      return called.status === 202 ? { kind: "announced" } : unanswered(`it answered ${called.status}`);
    },
  };
}

async function readCapped(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > largestAnswer) throw new RangeError("the answer is too long");
  }
  return text;
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function unanswered(reason: string): { readonly kind: "unanswered"; readonly reason: string } {
  return { kind: "unanswered", reason };
}
