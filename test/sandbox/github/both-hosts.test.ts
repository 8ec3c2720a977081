import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refused } from "./double-under-test.ts";
import { type Departure, type Host, hosts } from "./hosts.ts";

/**
 * What our double and `emulate` must both do, on the routes that both have: the double was written by us, so that it agrees with us proves
 * little. Where `emulate` has less (no reactions, no runs, no limits on texts), the double is held to GitHub's description alone.
 */
describe.each(Object.entries(hosts))("GitHub as %s", (_, start) => {
  let host: Host;
  beforeAll(async () => {
    host = await start();
  });
  afterAll(() => host.stop());

  const models = { owner: "acme", repo: "models" };
  const departs = (departure: Departure): boolean => host.departures.includes(departure);
  const ada = () => host.as("ada").rest;
  const tip = async (branch = "main"): Promise<string> => (await ada().git.getRef({ ...models, ref: `heads/${branch}` })).data.object.sha;
  const encoded = (text: string): string => Buffer.from(text).toString("base64");

  /** A branch with one commit of its own. */
  async function branch(name: string, path = `${name}.txt`): Promise<string> {
    await ada().git.createRef({ ...models, ref: `refs/heads/${name}`, sha: await tip() });
    await ada().repos.createOrUpdateFileContents({ ...models, path, message: name, content: encoded(name), branch: name });
    return await tip(name);
  }

  async function pull(name: string): Promise<{ readonly number: number; readonly head: string }> {
    const head = await branch(name);
    return { number: (await ada().pulls.create({ ...models, title: name, head: name, base: "main" })).data.number, head };
  }

  it("knows the App by its own web token, and where it is installed", async () => {
    expect((await host.asApp().rest.apps.getAuthenticated()).data).toMatchObject({ id: 4242, slug: "slipway" });
    expect((await host.asApp().rest.apps.getRepoInstallation(models)).data).toMatchObject({ id: 1, account: { login: "acme" } });
  });

  it("mints a token of the permissions asked for, and none that was not granted", async () => {
    const minted = host.asApp().rest.apps.createInstallationAccessToken({
      installation_id: 1,
      repositories: ["models"],
      permissions: { checks: "write" },
    });
    expect((await minted).data).toMatchObject({
      permissions: { checks: "write" },
      repository_selection: "selected",
    });
    expect(await refused(host.asInstallation({ administration: "write" }))).toBe(422);
  });

  it("refuses with 403 what a token's permissions do not cover, and takes what they do", async () => {
    const reader = await host.asInstallation({ contents: "read" });
    expect((await reader.rest.repos.getContent({ ...models, path: "README.md" })).status).toBe(200);
    expect(await refused(reader.rest.issues.create({ ...models, title: "No" }))).toBe(403);
    expect(
      await refused(
        reader.rest.repos.createOrUpdateFileContents({ ...models, path: "x", message: "x", content: encoded("x"), branch: "main" }),
      ),
    ).toBe(403);
  });

  it("does not know what is not there", async () => {
    expect(await refused(ada().repos.get({ owner: "acme", repo: "absent" }))).toBe(404);
    expect(await refused(ada().repos.getContent({ ...models, path: "absent.txt" }))).toBe(404);
    expect(await refused(ada().pulls.get({ ...models, pull_number: 4711 }))).toBe(404);
    expect(await refused(ada().issues.getComment({ ...models, comment_id: 4711 }))).toBe(404);
  });

  it("creates a ref once, moves it forward, and deletes it", async () => {
    const sha = await tip();
    const ref = { ...models, ref: "refs/heads/lock", sha };
    expect((await ada().git.createRef(ref)).data.object.sha).toBe(sha);
    expect(await refused(ada().git.createRef(ref))).toBe(422);
    await ada().git.deleteRef({ ...models, ref: "heads/lock" });
    expect(await refused(ada().git.getRef({ ...models, ref: "heads/lock" }))).toBe(404);
  });

  it("gives a file at a commit, and takes a change only on the blob that it names", async () => {
    const sha = await branch("files", "a.txt");
    const { data } = await ada().repos.getContent({ ...models, path: "a.txt", ref: sha });
    expect(data).toMatchObject({ type: "file", content: expect.stringContaining(encoded("files").slice(0, 4)), encoding: "base64" });
    const blob = Array.isArray(data) ? "" : data.sha;
    const change = { ...models, path: "a.txt", message: "again", content: encoded("again"), branch: "files" };
    expect([409, 422]).toContain(await refused(ada().repos.createOrUpdateFileContents(change)));
    expect(await refused(ada().repos.createOrUpdateFileContents({ ...change, sha: "0".repeat(40) }))).toBe(409);
    expect((await ada().repos.createOrUpdateFileContents({ ...change, sha: blob })).status).toBe(200);
  });

  it("opens a pull request with the head's and the base's commits, and one only for the same two branches", async () => {
    const { number, head } = await pull("opened");
    const { data } = await ada().pulls.get({ ...models, pull_number: number });
    expect(data).toMatchObject({ state: "open", draft: false, merged: false, head: { sha: head, ref: "opened" }, base: { ref: "main" } });
    expect(data.user.login).toBe("ada");
    expect((await ada().pulls.list({ ...models, head: "acme:opened" })).data).toMatchObject([{ number }]);
    expect(await refused(ada().pulls.create({ ...models, title: "again", head: "opened", base: "main" }))).toBe(
      departs("a second pull request of the same branches is taken") ? 0 : 422,
    );
    const files = await ada().pulls.listFiles({ ...models, pull_number: number });
    expect(files.data.map(({ filename, status }) => `${status} ${filename}`)).toEqual(
      departs("files that the contents API wrote are missing from a pull request") ? [] : ["added opened.txt"],
    );
  });

  it("follows a head that moves, lets a base be changed, a pull request be closed and opened again", async () => {
    const { number } = await pull("moves");
    const path = { ...models, path: "more.txt", message: "more", content: encoded("more"), branch: "moves" };
    await ada().repos.createOrUpdateFileContents(path);
    const moved = (await ada().pulls.get({ ...models, pull_number: number })).data.head.sha;
    expect(moved === (await tip("moves"))).toBe(
      !departs("a pull request's head stands still when its branch is written by the contents API"),
    );
    await ada().git.createRef({ ...models, ref: "refs/heads/other-base", sha: await tip() });
    expect((await ada().pulls.update({ ...models, pull_number: number, base: "other-base" })).data.base.ref).toBe("other-base");
    expect((await ada().pulls.update({ ...models, pull_number: number, state: "closed" })).data).toMatchObject({ state: "closed" });
    expect((await ada().pulls.update({ ...models, pull_number: number, state: "open" })).data).toMatchObject({ state: "open" });
  });

  it("merges only the head that was expected, and says so afterwards", async () => {
    const { number, head } = await pull("merges");
    const wanted = { ...models, pull_number: number, merge_method: "squash" as const };
    expect(await refused(ada().pulls.merge({ ...wanted, sha: "1".repeat(40) }))).toBe(
      departs("a merge that is refused is 422, not 409 or 405") ? 422 : 409,
    );
    const { data } = await ada().pulls.merge({ ...wanted, sha: head });
    expect(data).toMatchObject({ merged: true, sha: await tip() });
    expect((await ada().pulls.get({ ...models, pull_number: number })).data).toMatchObject({ state: "closed", merged: true });
    expect(await refused(ada().pulls.merge(wanted))).toBe(departs("a merge that is refused is 422, not 409 or 405") ? 422 : 405);
  });

  it("keeps comments: made, listed in pages, since a moment, edited, deleted, with who wrote them", async () => {
    const { data: issue } = await ada().issues.create({ ...models, title: "Talk" });
    const number = { ...models, issue_number: issue.number };
    const { data: first } = await ada().issues.createComment({ ...number, body: "/slipway help" });
    expect(first).toMatchObject({ body: "/slipway help", user: { login: "ada", type: "User" } });
    expect(first.updated_at).toBe(first.created_at);
    const bot = await host.asInstallation({ issues: "write" });
    const { data: own } = await bot.rest.issues.createComment({ ...number, body: "<!-- marker -->" });
    expect(own.user).toMatchObject({ login: "slipway[bot]", type: "Bot" });
    await ada().issues.createComment({ ...number, body: "third" });
    const page = await ada().issues.listComments({ ...number, per_page: 2, page: 1 });
    expect(page.data.map(({ body }) => body)).toEqual(["/slipway help", "<!-- marker -->"]);
    expect(page.headers.link).toContain('rel="next"');
    const later = await ada().issues.listComments({ ...number, since: "2100-01-01T00:00:00Z" });
    expect(later.data.length === 0).toBe(!departs("comments are not filtered by since"));
    expect((await bot.rest.issues.updateComment({ ...models, comment_id: own.id, body: "said anew" })).data.body).toBe("said anew");
    await bot.rest.issues.deleteComment({ ...models, comment_id: own.id });
    expect(await refused(ada().issues.getComment({ ...models, comment_id: own.id }))).toBe(404);
  });

  it("keeps check runs of a commit: made, changed, listed by name, newest told apart", async () => {
    const sha = await branch("checked");
    const app = await host.asInstallation({ checks: "write" });
    const output = { title: "Pass", summary: "All is well." };
    const { data: made } = await app.rest.checks.create({ ...models, name: "slipway", head_sha: sha, status: "in_progress", output });
    expect(made).toMatchObject({ name: "slipway", head_sha: sha, status: "in_progress", conclusion: null });
    const done = { ...models, check_run_id: made.id, status: "completed", conclusion: "success", output } as const;
    expect((await app.rest.checks.update(done)).data).toMatchObject({ status: "completed", conclusion: "success" });
    await app.rest.checks.create({ ...models, name: "other", head_sha: sha, status: "completed", conclusion: "failure" });
    const { data } = await app.rest.checks.listForRef({ ...models, ref: sha, check_name: "slipway" });
    expect(data.check_runs).toMatchObject([{ id: made.id, conclusion: "success", output: { title: "Pass" } }]);
    expect(data.check_runs[0]?.app?.id).toBe(departs("a check run does not name its app") ? undefined : 4242);
  });

  it("lets only an App make check runs", async () => {
    expect(await refused(ada().checks.create({ ...models, name: "slipway", head_sha: await tip() }))).toBe(
      departs("a person may make check runs") ? 0 : 403,
    );
  });

  it("compares two commits, and lists commits newest first", async () => {
    const base = await tip();
    const head = await branch("compared");
    const { data } = await ada().repos.compareCommitsWithBasehead({ ...models, basehead: `${base}...${head}` });
    expect(data).toMatchObject({ status: "ahead", ahead_by: 1, files: [{ filename: "compared.txt" }] });
    expect((await ada().repos.listCommits({ ...models, sha: "compared", per_page: 1 })).data).toMatchObject([{ sha: head }]);
  });

  it("keeps issues: made, read, closed with a reason, listed by state", async () => {
    const app = await host.asInstallation({ issues: "write" });
    const { data: made } = await app.rest.issues.create({ ...models, title: "An incident", body: "What happened" });
    const one = { ...models, issue_number: made.number };
    expect((await app.rest.issues.update({ ...one, state: "closed", state_reason: "completed" })).data).toMatchObject({ state: "closed" });
    const open = await app.rest.issues.listForRepo({ ...models, state: "open", per_page: 100 });
    expect(open.data.map(({ number }) => number)).not.toContain(made.number);
  });

  it("tells of pull requests, comments and pushes by signed webhooks that name the installation and the sender", async () => {
    const { number, head } = await pull("told");
    await ada().issues.createComment({ ...models, issue_number: number, body: "/slipway status" });
    expect(await host.webhook("pull_request", "opened", number)).toMatchObject({
      signed: true,
      payload: {
        action: "opened",
        installation: { id: 1 },
        sender: { login: "ada" },
        repository: { full_name: "acme/models" },
        pull_request: { head: { sha: head } },
      },
    });
    expect(await host.webhook("issue_comment", "created", number)).toMatchObject({
      signed: true,
      payload: {
        action: "created",
        comment: { body: "/slipway status", user: { login: "ada" } },
        issue: { number },
        installation: { id: 1 },
      },
    });
  });
});
