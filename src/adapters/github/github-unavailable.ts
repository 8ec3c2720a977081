/**
 * What every failed conversation with GitHub is thrown as. The message says what went wrong, at which call, and what to do next. Octokit's
 * own errors are never a cause here: they carry the request, and a request carries the token.
 */
export class GitHubUnavailable extends Error {
  readonly what: string;
  /** Method and path of the call. */
  readonly where: string;
  readonly next: string;
  readonly status: number | undefined;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(`${failure.what} (${failure.where}). ${failure.next}`, options);
    this.name = "GitHubUnavailable";
    this.what = failure.what;
    this.where = failure.where;
    this.next = failure.next;
    this.status = failure.status;
  }
}

/** GitHub understood the call and did not do it: a missing permission, a thing that is not there, an invalid value. */
export class GitHubRefused extends GitHubUnavailable {
  override readonly name = "GitHubRefused";
  /** The permissions without which GitHub answers like this; undefined where a permission is not the reason. */
  readonly needs: string | undefined;

  constructor(failure: Failure & { readonly needs?: string | undefined }) {
    super(failure);
    this.needs = failure.needs;
  }
}

/** GitHub asks for patience; the call was not carried out. */
export class GitHubRateLimited extends GitHubUnavailable {
  override readonly name = "GitHubRateLimited";
  readonly retryAfter: number;

  /** @param retryAfter milliseconds until GitHub will listen again */
  constructor(failure: Failure, retryAfter: number) {
    super(failure);
    this.retryAfter = retryAfter;
  }
}

export interface Failure {
  readonly what: string;
  readonly where: string;
  readonly next: string;
  readonly status?: number | undefined;
}

/** Whether a write that failed like this may have been carried out all the same: a lost answer, not a refusal. */
export function mayHaveHappened(error: unknown): boolean {
  return error instanceof GitHubUnavailable && !(error instanceof GitHubRefused) && !(error instanceof GitHubRateLimited);
}

/** Whether GitHub said that there is no such thing, or none that this token may see. */
export function isMissing(error: unknown): boolean {
  return error instanceof GitHubRefused && (error.status === 404 || error.status === 410);
}
