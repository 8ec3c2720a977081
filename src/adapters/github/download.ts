import type { Parameters } from "./github-client.ts";
import { GitHubRefused, GitHubUnavailable, isMissing } from "./github-unavailable.ts";
import { readCapped } from "./read-capped.ts";
import type { Sent } from "./send.ts";

export type Download =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly contentType: string }
  | { readonly kind: "missing" }
  | { readonly kind: "too-large" };

interface Source {
  once(route: string, parameters: Parameters): Promise<Sent>;
  readonly baseUrl: string;
}

/** Temporary ones: to storage. A permanent one says that the repository was renamed. */
const redirects = new Set([302, 303, 307]);

/** A large file takes longer than an answer. */
const downloadTimeout = 120_000;

/**
 * Reads bytes through at most one redirect. Artifacts lie at a storage provider behind a signed address: it is called without our token, which
 * opens the repository and is none of the provider's business.
 */
export async function download(source: Source, route: string, parameters: Parameters, limit: number): Promise<Download> {
  const signal = AbortSignal.timeout(downloadTimeout);
  try {
    const sent = await source.once(route, { ...parameters, request: { redirect: "manual", parseSuccessResponseBody: false, signal } });
    const location = redirects.has(sent.status) ? sent.headers["location"] : undefined;
    if (sent.status === 301 || sent.status === 308) throw moved(route);
    if (location !== undefined) return await fromStorage(new URL(String(location), source.baseUrl), source, limit, signal);
    return await capped(streamOf(sent.data), String(sent.headers["content-type"] ?? ""), limit, route);
  } catch (error) {
    if (isMissing(error)) return { kind: "missing" };
    throw error;
  }
}

async function fromStorage(address: URL, { baseUrl }: Source, limit: number, signal: AbortSignal): Promise<Download> {
  const where = `GET ${address.origin}`;
  if (address.protocol !== "https:" && address.protocol !== new URL(baseUrl).protocol) {
    throw new GitHubRefused({
      what: "GitHub points to an address that is not encrypted",
      where,
      next: "Check the storage settings of the GitHub host.",
    });
  }
  const response = await fetch(address, { signal, headers: { accept: "*/*" } }).catch((cause: unknown) => {
    throw unreachable(where, cause);
  });
  if (response.status === 404 || response.status === 410) return { kind: "missing" };
  if (!response.ok) throw unreachable(where, undefined, response.status);
  return await capped(response.body, response.headers.get("content-type") ?? "", limit, where);
}

function moved(where: string): GitHubRefused {
  return new GitHubRefused({ what: "The repository has another name now", where, status: 301, next: "Write its new name in the policy." });
}

async function capped(body: ReadableStream<Uint8Array> | null, contentType: string, limit: number, where: string): Promise<Download> {
  try {
    const bytes = body === null ? new Uint8Array() : await readCapped(body, limit);
    return bytes === undefined ? { kind: "too-large" } : { kind: "bytes", bytes, contentType };
  } catch (cause) {
    throw unreachable(where, cause);
  }
}

function unreachable(where: string, cause: unknown, status?: number): GitHubUnavailable {
  const what = status === undefined ? "The download broke off" : `The storage behind GitHub answered ${status}`;
  return new GitHubUnavailable({ what, where, status, next: "The next resync tries again." }, cause === undefined ? undefined : { cause });
}

/** Octokit types a body that it was told not to parse as unknown. */
function streamOf(data: unknown): ReadableStream<Uint8Array> | null {
  return data instanceof ReadableStream ? data : null;
}
