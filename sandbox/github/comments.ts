import { z } from "zod";
import { issueOf, refuseLong } from "./issues.ts";
import { atLeast, loginOf, roleOf } from "./people.ts";
import { emit } from "./pushes.ts";
import {
  type Call,
  created,
  noContent,
  notFound,
  numberParam,
  ok,
  onRepository,
  page,
  Refusal,
  type Reply,
  type Routes,
  readBody,
} from "./reply.ts";
import { reactionContents, showComment, showIssue, showReaction } from "./show-issue.ts";
import type { Comment, Identity, Reaction, Repository, World } from "./world.ts";

function announce(world: World, comment: Comment, sender: Identity, action: string, extra: Readonly<Record<string, unknown>> = {}): void {
  const { issue } = comment;
  const content = { issue: showIssue(world, issue), comment: showComment(world, comment), ...extra };
  emit(world, issue.repository, sender, "issue_comment", action, content);
}

function commentOf(call: Call, repository: Repository): Comment {
  const id = numberParam(call, "comment_id");
  const comment = repository.issues.flatMap((issue) => issue.comments).find((candidate) => candidate.id === id);
  if (comment === undefined) throw notFound();
  return comment;
}

/** A person changes their own comments; who may write changes anybody's. An App changes any that its permissions reach. */
function refuseForeign(call: Call, comment: Comment): void {
  const { identity } = call;
  if (identity.kind !== "person" || identity.login === comment.author) return;
  if (!atLeast(roleOf(comment.issue.repository, identity.login), "write"))
    throw new Refusal(403, "Must have write access to edit this comment.");
}

function create(call: Call, repository: Repository): Reply {
  const { world, identity } = call;
  const { body } = readBody(call, z.object({ body: z.string() }));
  const issue = issueOf(call, repository);
  refuseLong(body, "IssueComment");
  if (body.trim() === "") throw new Refusal(422, "Validation Failed", [{ resource: "IssueComment", code: "missing_field", field: "body" }]);
  const now = world.clock();
  const comment: Comment = {
    id: world.nextId("comment"),
    issue,
    author: loginOf(identity),
    ...(identity.kind === "installation" ? { app: identity.app } : {}),
    body,
    createdAt: now,
    updatedAt: now,
    reactions: [],
  };
  issue.comments.push(comment);
  issue.updatedAt = now;
  announce(world, comment, identity, "created");
  return created(showComment(world, comment));
}

function update(call: Call, repository: Repository): Reply {
  const { world, identity } = call;
  const { body } = readBody(call, z.object({ body: z.string() }));
  const comment = commentOf(call, repository);
  refuseForeign(call, comment);
  refuseLong(body, "IssueComment");
  const changes = { body: { from: comment.body } };
  comment.body = body;
  comment.updatedAt = world.clock();
  announce(world, comment, identity, "edited", { changes });
  return ok(showComment(world, comment));
}

function remove(call: Call, repository: Repository): Reply {
  const comment = commentOf(call, repository);
  refuseForeign(call, comment);
  comment.issue.comments.splice(comment.issue.comments.indexOf(comment), 1);
  announce(call.world, comment, call.identity, "deleted");
  return noContent;
}

function since(call: Call, comments: readonly Comment[]): readonly Comment[] {
  const from = call.query.get("since");
  // Whole seconds are all that GitHub shows and compares.
  return from === null ? comments : comments.filter((comment) => Math.floor(comment.updatedAt.getTime() / 1000) * 1000 >= Date.parse(from));
}

function listForRepository(call: Call, repository: Repository): Promise<Reply> {
  const all = since(
    call,
    repository.issues.flatMap((issue) => issue.comments),
  );
  const key = call.query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  const sorted = all.toSorted((a, b) => a[key].getTime() - b[key].getTime() || a.id - b.id);
  const shown = call.query.get("direction") === "desc" ? sorted.toReversed() : sorted;
  return page(call, shown, (comment) => showComment(call.world, comment));
}

/** One person reacts once with each content: the second time answers 200 with the first. */
function react(call: Call, repository: Repository): Reply {
  const { world, identity } = call;
  const { content } = readBody(call, z.object({ content: z.enum(reactionContents) }));
  const comment = commentOf(call, repository);
  const author = loginOf(identity);
  const earlier = comment.reactions.find((reaction) => reaction.author === author && reaction.content === content);
  if (earlier !== undefined) return ok(showReaction(world, earlier));
  const reaction: Reaction = { id: world.nextId("reaction"), content, author, createdAt: world.clock() };
  comment.reactions.push(reaction);
  return created(showReaction(world, reaction));
}

const reader = ["issues:read", "pull_requests:read"];
const writer = ["issues:write", "pull_requests:write"];

export const comments: Routes = {
  "issues/create-comment": onRepository(writer, "read", create),
  "issues/list-comments": onRepository(reader, "read", (call, repository) =>
    page(call, since(call, issueOf(call, repository).comments), (comment) => showComment(call.world, comment)),
  ),
  "issues/list-comments-for-repo": onRepository(reader, "read", listForRepository),
  "issues/get-comment": onRepository(reader, "read", (call, repository) => ok(showComment(call.world, commentOf(call, repository)))),
  "issues/update-comment": onRepository(writer, "read", update),
  "issues/delete-comment": onRepository(writer, "read", remove),
  "reactions/create-for-issue-comment": onRepository(writer, "read", react),
  "reactions/list-for-issue-comment": onRepository(reader, "read", (call, repository) => {
    const content = call.query.get("content");
    const reactions = commentOf(call, repository).reactions.filter((reaction) => content === null || reaction.content === content);
    return page(call, reactions, (reaction) => showReaction(call.world, reaction));
  }),
};
