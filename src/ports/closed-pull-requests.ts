import type { PullRequestEnd } from "#domain/archive/archived.ts";
import type { RepositoryName } from "#domain/model/names.ts";

/** When pull requests were closed, merged or not. */
export interface ClosedPullRequests {
  /** @param repository its name and number: another repository that took over the name is not taken for it */
  end(repository: { readonly id: number; readonly name: RepositoryName }, pullRequest: number): Promise<PullRequestEnd>;
}
