import { z } from "zod";
import { GitHubRateLimited, GitHubRefused, GitHubUnavailable } from "./github-unavailable.ts";
import { defaultRetryAfter } from "./limits.ts";

/** The part of an Octokit that is used here. */
export interface Requester {
  request(route: string, parameters?: Record<string, unknown>): Promise<Sent>;
}

export interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

export interface SendOptions {
  /** Method and path, for messages. */
  readonly where: string;
  /** What to do about a refusal: usually, which permission is missing. */
  readonly next: string;
  /** The permissions that the call takes. */
  readonly needs?: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of each answer, and of none. */
  readonly observed?: (answer: Answered) => void;
}

/** What operators count; `status` is undefined where no answer came. */
export interface Answered {
  readonly status: number | undefined;
  readonly headers: Sent["headers"];
}

/** Octokit's RequestError, as far as it is looked at. */
const requestErrorSchema = z.object({
  status: z.number(),
  message: z.string(),
  cause: z.unknown(),
  response: z.object({ headers: z.record(z.string(), z.union([z.string(), z.number(), z.undefined()])), data: z.unknown() }).optional(),
});
type RequestError = z.infer<typeof requestErrorSchema>;

/** One call, once. Its failures come out as {@link GitHubUnavailable} and its kinds; 304 is an answer. */
export async function send(requester: Requester, route: string, parameters: Record<string, unknown>, options: SendOptions): Promise<Sent> {
  try {
    const sent = await requester.request(route, parameters);
    options.observed?.(sent);
    return sent;
  } catch (error) {
    const failed = requestErrorSchema.safeParse(error);
    options.observed?.({ status: failed.data?.response && failed.data.status, headers: failed.data?.response?.headers ?? {} });
    if (!failed.success) throw lostAnswer(error, options);
    if (failed.data.response === undefined) throw lostAnswer(failed.data.cause, options);
    if (failed.data.status === 304) return { status: 304, headers: failed.data.response.headers, data: undefined };
    throw refusal(failed.data, failed.data.response.headers, options);
  }
}

function refusal(failed: RequestError, headers: Sent["headers"], { where, next, needs, now }: SendOptions): GitHubUnavailable {
  const { status } = failed;
  const said = messageOf(failed.response?.data);
  const patience = retryAfter(status, headers, said, now());
  if (patience !== undefined) {
    const seconds = Math.ceil(patience / 1000);
    const what = `GitHub limits our rate and asks for ${seconds} s of patience`;
    return new GitHubRateLimited(
      { what, where, status, next: "The next resync tries again; fewer repositories per App or a longer resync interval avoid it." },
      patience,
    );
  }
  if (status >= 500) {
    return new GitHubUnavailable({
      what: `GitHub answered ${status}: ${said}`,
      where,
      status,
      next: "The next resync looks again; if it lasts, see GitHub's status page.",
    });
  }
  // GitHub hides what a token may not see: without the permission, what is there is not found.
  const permission = status === 403 || status === 404 ? needs : undefined;
  return new GitHubRefused({ what: `GitHub answered ${status}: ${said}`, where, status, next, needs: permission });
}

function lostAnswer(cause: unknown, { where }: SendOptions): GitHubUnavailable {
  const why = cause instanceof Error ? (cause.name === "TimeoutError" ? "it took too long" : cause.message) : "the line broke";
  return new GitHubUnavailable(
    {
      what: `GitHub did not answer: ${why}`,
      where,
      next: "The next resync looks again; if it lasts, check the network and GitHub's status page.",
    },
    cause instanceof Error ? { cause } : undefined,
  );
}

/** Milliseconds to wait when this is a rate limit, primary or secondary; undefined when it is not. */
function retryAfter(status: number, headers: Sent["headers"], said: string, now: number): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const seconds = Number(headers["retry-after"] ?? Number.NaN);
  if (Number.isFinite(seconds)) return seconds * 1000;
  if (String(headers["x-ratelimit-remaining"]) === "0") return Math.max(0, Number(headers["x-ratelimit-reset"] ?? 0) * 1000 - now);
  return status === 429 || /secondary rate limit/i.test(said) ? defaultRetryAfter : undefined;
}

const githubErrorSchema = z.object({
  message: z.string(),
  errors: z
    .array(z.object({ message: z.string().optional() }))
    .optional()
    .catch(undefined),
});

/** A host in between may answer with whatever it was sent, the token included. */
const secrets = /\b(?:gh[a-z]_|github_pat_|eyJ)[\w.-]+/g;
const mostWords = 400;

/** GitHub's own words, with the details that a 422 has. */
function messageOf(data: unknown): string {
  const error = githubErrorSchema.safeParse(data);
  if (!error.success) return "without a word";
  const details = (error.data.errors ?? []).flatMap(({ message }) => (message === undefined ? [] : [message]));
  return [error.data.message, ...details].join("; ").replaceAll(secrets, "[secret]").slice(0, mostWords);
}
