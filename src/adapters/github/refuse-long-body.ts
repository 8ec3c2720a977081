import { GitHubRefused } from "./github-unavailable.ts";
import { maximumBody } from "./limits.ts";

/** The renderer keeps a budget well below this; a body cut here could end in the middle of a table. */
export function refuseLongBody(body: string, what: string): void {
  if (body.length <= maximumBody) return;
  throw new GitHubRefused({
    what: `${what} would have ${body.length} characters, and GitHub takes ${maximumBody}`,
    where: "before the call",
    next: "This is a fault of the template that rendered it: show fewer rows.",
  });
}
