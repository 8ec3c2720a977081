/** GitHub's limits and our own. Each one has its source beside it. */

/** "Body is too long (maximum is 65536 characters)", the 422 that a longer comment or issue body meets. */
export const maximumBody = 65_536;

/** `output.summary` "maximum length: 65535 characters" (REST: create a check run). */
export const maximumCheckSummary = 65_535;

/** A check run's title is stored in a 255 character column; a longer one is a 422. */
export const maximumCheckTitle = 255;

/** "The Checks API limits the number of annotations to a maximum of 50 per API request" (REST: create a check run). */
export const mostAnnotations = 50;

/** Ours, far below the 64 KB that GitHub takes for an annotation's message. */
export const longestAnnotation = 4096;

/** "Responses include a maximum of 3000 files" (REST: list pull requests files). */
export const maximumChangedFiles = 3000;

/** The most that one page of a list may hold (REST: pagination). */
export const pageSize = 100;

/** Ours: a list longer than this is a fault of the question, and would take minutes of the rate limit. */
export const maximumPages = 100;

/** Ours, and the most that the contents API gives without the raw media type. */
export const maximumFileBytes = 1024 * 1024;

/** Ours: evidence is some JSON; a run that leaves more has left something else. */
export const maximumArchiveBytes = 50 * 1024 * 1024;
export const maximumUnpackedBytes = 200 * 1024 * 1024;
export const maximumArchiveFiles = 200;

/** "Wait for at least one minute before retrying" when no header says more (REST: rate limits, secondary). */
export const defaultRetryAfter = 60_000;
