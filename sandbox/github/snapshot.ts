import { refsOf } from "./git.ts";
import { isPull, refresh } from "./pull-state.ts";
import { summaryOf } from "./record-run.ts";
import { type Issue, iso, type Repository, type World } from "./world.ts";

/** Everything that is on the double now, small enough to compare two worlds by. */
export async function snapshot(world: World): Promise<Record<string, unknown>> {
  const shown = await Promise.all(
    [...world.repositories.values()].map(async (repository) => [repository.fullName, await repositoryState(repository)] as const),
  );
  return Object.fromEntries(shown);
}

async function repositoryState(repository: Repository): Promise<Record<string, unknown>> {
  await Promise.all(repository.issues.filter(isPull).map(refresh));
  return {
    refs: Object.fromEntries(await refsOf(repository.folder)),
    issues: repository.issues.map(issueState),
    checks: repository.checks.map(({ id, name, app, headSha, status, conclusion, output, externalId }) => ({
      id,
      name,
      app: app.slug,
      headSha,
      status,
      conclusion,
      externalId,
      ...output,
    })),
    runs: repository.runs.map((run) => ({
      ...summaryOf(run),
      artifacts: run.artifacts.map(({ id, name, attempt, final, bytes }) => ({ id, name, attempt, final, size: bytes.length })),
    })),
  };
}

function issueState(issue: Issue): Record<string, unknown> {
  const { number, title, body, state, author, labels, comments, pull } = issue;
  return {
    number,
    kind: pull === undefined ? "issue" : "pull-request",
    title,
    body,
    state,
    author,
    labels,
    comments: comments.map((comment) => ({
      id: comment.id,
      author: comment.author,
      app: comment.app?.slug ?? null,
      body: comment.body,
      createdAt: iso(comment.createdAt),
      updatedAt: iso(comment.updatedAt),
      reactions: comment.reactions.map((reaction) => `${reaction.author} ${reaction.content}`),
    })),
    ...(pull === undefined
      ? {}
      : {
          head: { repository: pull.headRepository.fullName, ref: pull.headRef, sha: pull.headSha },
          base: { ref: pull.baseRef, sha: pull.baseSha },
          merged: pull.mergedAt !== null,
          mergedBy: pull.mergedBy,
          mergeCommit: pull.mergeCommit,
          reviews: pull.reviews.map((review) => `${review.author} ${review.state} ${review.commit}`),
        }),
  };
}
