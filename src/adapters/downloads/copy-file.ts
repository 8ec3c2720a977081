import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { type Digest, digestSchema } from "#domain/model/names.ts";
import { DownloadProblem } from "./download-problem.ts";
import { refusal } from "./refusal.ts";

export type Asked = {
  readonly url: URL;
  /** Headers for one request, signed anew each time. */
  readonly headers: (url: URL) => Promise<Readonly<Record<string, string>>>;
};

export type Limits = { readonly mostBytes: number; readonly attempts: number; readonly pause: number };

type Progress = { readonly file: FileHandle; hash: Hash; bytes: number; whole: number | null; tag: string | null };

/** Copies what an address holds into a file that is there whole or not at all; goes on where a connection broke. null: there is nothing. */
export async function copyFile(asked: Asked, path: string, limits: Limits): Promise<Digest | null> {
  const unfinished = `${path}.partial`;
  try {
    const file = await open(unfinished, "wx");
    const progress: Progress = { file, hash: createHash("sha256"), bytes: 0, whole: null, tag: null };
    try {
      if (!(await copied(asked, progress, limits))) return null;
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
    return digestSchema.parse(`sha256:${progress.hash.digest("hex")}`);
  } catch (error) {
    throw noRoom(error, asked.url) ?? error;
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function copied(asked: Asked, progress: Progress, limits: Limits): Promise<boolean> {
  const { host } = asked.url;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await once(asked, progress, limits).catch((error: unknown) => {
      if (error instanceof DownloadProblem || noRoom(error, asked.url) !== null) throw error;
      return error instanceof Error ? error : new Error(String(error));
    });
    if (typeof outcome === "boolean") return outcome;
    if (attempt === limits.attempts) {
      const cause = outcome.cause instanceof Error ? outcome.cause.message : outcome.message;
      if (progress.bytes > 0 || progress.whole !== null) {
        const of = progress.whole === null ? "" : ` of ${progress.whole}`;
        const message = `the connection to ${host} broke after ${progress.bytes}${of} bytes, ${attempt} times (${cause}). Try again later.`;
        throw new DownloadProblem("download-truncated", message, { cause: outcome });
      }
      throw new DownloadProblem(
        "source-unreachable",
        `${host} cannot be reached (${cause}). Check its name, and the network of this machine.`,
        {
          cause: outcome,
        },
      );
    }
    await new Promise((resolve) => setTimeout(resolve, limits.pause * 2 ** attempt));
  }
}

const mostRedirects = 3;

/** One request and its answer. true: all is there; false: there is nothing; a thrown error that is no problem of its own is worth another try. */
async function once({ url, headers }: Asked, progress: Progress, { mostBytes }: Limits): Promise<boolean> {
  const range = progress.bytes > 0 && progress.tag !== null ? { range: `bytes=${progress.bytes}-`, "if-range": progress.tag } : undefined;
  let at = url;
  let response = await request(at, { ...(await headers(at)), ...range });
  for (let redirects = 0; response.status >= 300 && response.status < 400 && redirects < mostRedirects; redirects += 1) {
    const next = new URL(response.headers.get("location") ?? "", at);
    if (next.origin !== url.origin) break;
    await response.body?.cancel();
    at = next;
    response = await request(at, { ...(await headers(at)), ...range });
  }
  if (response.status !== 200 && response.status !== 206) {
    const refused = refusal(response.status, (await response.text()).slice(0, 4096), url.host);
    if (response.status === 429 || response.status >= 500) throw new Error(`${url.host} answered ${response.status}`);
    if (refused === "missing") return false;
    throw refused;
  }
  if (response.status === 200) await startAgain(progress);
  const length = Number(response.headers.get("content-length") ?? Number.NaN);
  progress.whole = Number.isNaN(length) ? null : progress.bytes + length;
  progress.tag = response.headers.get("etag");
  refuseLarge(progress.whole ?? 0, mostBytes);
  for await (const chunk of response.body ?? []) {
    await progress.file.writev([chunk]);
    progress.hash.update(chunk);
    progress.bytes += chunk.byteLength;
    refuseLarge(progress.bytes, mostBytes);
  }
  if (progress.whole !== null && progress.bytes < progress.whole) throw new Error("the answer ended early");
  return true;
}

/** No compression on the way: the length that was announced is then the file's own. */
async function request(url: URL, headers: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(url, {
    headers: headersOf({ ...headers, "accept-encoding": "identity" }),
    redirect: "manual",
    signal: AbortSignal.timeout(30 * 60_000),
  });
}

/** What is said of a header that cannot be sent holds the header, and that may be a credential. */
function headersOf(given: Readonly<Record<string, string>>): Headers {
  try {
    return new Headers(given);
  } catch {
    const message = "the credentials of this machine hold what a header cannot, such as a line break. Set them anew.";
    throw new DownloadProblem("credentials-refused", message);
  }
}

async function startAgain(progress: Progress): Promise<void> {
  await progress.file.truncate(0);
  progress.hash = createHash("sha256");
  progress.bytes = 0;
}

function refuseLarge(bytes: number, most: number): void {
  if (bytes <= most) return;
  const message = `it has at least ${bytes} bytes, more than the ${most} that are copied. Evaluate on a sample, or score it where it lies, as a table of BigQuery.`;
  throw new DownloadProblem("file-too-large", message);
}

function noRoom(error: unknown, { host }: URL): DownloadProblem | null {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "ENOSPC" && code !== "EDQUOT" && code !== "EFBIG") return null;
  const message = `there is no room in the temporary directory for the copy from ${host}. Free space there, or set TMPDIR to a directory on a larger disk.`;
  return new DownloadProblem("disk-full", message, { cause: error });
}
