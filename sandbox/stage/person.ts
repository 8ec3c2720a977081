import { z } from "zod";

const pullSchema = z.looseObject({
  number: z.number(),
  state: z.string(),
  merged: z.boolean().optional(),
  title: z.string(),
  body: z.string().nullable(),
  head: z.looseObject({ sha: z.string(), ref: z.string() }),
});
export type Pull = z.infer<typeof pullSchema>;
const commentSchema = z.looseObject({
  id: z.number(),
  body: z.string(),
  created_at: z.string(),
  user: z.looseObject({ login: z.string() }),
});
export type Comment = z.infer<typeof commentSchema>;
const checkSchema = z.looseObject({
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  output: z.looseObject({ title: z.string().nullable(), summary: z.string().nullable() }),
});
export type Check = z.infer<typeof checkSchema>;
const issueSchema = z.looseObject({
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.string(),
  pull_request: z.unknown().optional(),
});
export type Issue = z.infer<typeof issueSchema>;
const reactionSchema = z.looseObject({ content: z.string(), user: z.looseObject({ login: z.string() }) });

/** Somebody with a GitHub account, doing what a person does in the browser. */
export class Person {
  readonly login: string;
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, login: string, token: string) {
    this.#url = url;
    this.login = login;
    this.#token = token;
  }

  /** The clone address with this person's credentials in it: for the person's own checkouts only. */
  clone(repository: string): string {
    return `${this.#url.replace("//", `//x-access-token:${this.#token}@`)}/${repository}.git`;
  }

  async openPullRequest(
    repository: string,
    pull: { readonly head: string; readonly title: string; readonly body?: string; readonly base?: string },
  ): Promise<Pull> {
    return this.#ask("POST", `/repos/${repository}/pulls`, pullSchema, { base: "main", body: "", ...pull });
  }

  async closePullRequest(repository: string, number: number): Promise<Pull> {
    return this.#ask("PATCH", `/repos/${repository}/pulls/${number}`, pullSchema, { state: "closed" });
  }

  async mergePullRequest(repository: string, number: number): Promise<void> {
    await this.#ask("PUT", `/repos/${repository}/pulls/${number}/merge`, z.looseObject({ merged: z.literal(true) }), {});
  }

  async pullRequest(repository: string, number: number): Promise<Pull> {
    return this.#ask("GET", `/repos/${repository}/pulls/${number}`, pullSchema);
  }

  async pullRequests(repository: string): Promise<readonly Pull[]> {
    return this.#ask("GET", `/repos/${repository}/pulls?state=all&per_page=100`, z.array(pullSchema));
  }

  async comment(repository: string, number: number, body: string): Promise<Comment> {
    return this.#ask("POST", `/repos/${repository}/issues/${number}/comments`, commentSchema, { body });
  }

  async comments(repository: string, number: number): Promise<readonly Comment[]> {
    return this.#ask("GET", `/repos/${repository}/issues/${number}/comments?per_page=100`, z.array(commentSchema));
  }

  async reactions(repository: string, comment: number): Promise<readonly string[]> {
    const reactions = await this.#ask("GET", `/repos/${repository}/issues/comments/${comment}/reactions`, z.array(reactionSchema));
    return reactions.map(({ content }) => content);
  }

  async checks(repository: string, sha: string): Promise<readonly Check[]> {
    const { check_runs } = await this.#ask(
      "GET",
      `/repos/${repository}/commits/${sha}/check-runs`,
      z.looseObject({ check_runs: z.array(checkSchema) }),
    );
    return check_runs;
  }

  /** Issues that are no pull requests. */
  async issues(repository: string): Promise<readonly Issue[]> {
    const all = await this.#ask("GET", `/repos/${repository}/issues?state=all&per_page=100`, z.array(issueSchema));
    return all.filter((issue) => issue.pull_request === undefined);
  }

  async #ask<Shape extends z.ZodType>(method: string, path: string, shape: Shape, body?: object): Promise<z.infer<Shape>> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, accept: "application/vnd.github+json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} as ${this.login}: ${response.status} ${await response.text()}`);
    return shape.parse(await response.json());
  }
}
