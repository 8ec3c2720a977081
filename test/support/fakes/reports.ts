import type { CommitSha } from "#domain/model/names.ts";
import type { CheckView, Reports } from "#ports/reports.ts";

export interface FakeReports extends Reports {
  checkOf(head: CommitSha): CheckView | undefined;
  commentOf(pullRequest: number): string | undefined;
  /** Writes so far: publishing what is there already is none. */
  writes(): number;
}

export function fakeReports(): FakeReports {
  const checks = new Map<CommitSha, CheckView>();
  const comments = new Map<number, string>();
  let writes = 0;
  return {
    async check(view) {
      if (JSON.stringify(checks.get(view.head)) === JSON.stringify(view)) return;
      checks.set(view.head, view);
      writes += 1;
    },
    async comment(pullRequest, body) {
      if (comments.get(pullRequest) === body) return;
      comments.set(pullRequest, body);
      writes += 1;
    },
    checkOf: (head) => checks.get(head),
    commentOf: (pullRequest) => comments.get(pullRequest),
    writes: () => writes,
  };
}
