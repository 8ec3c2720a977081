import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "#sandbox/stage/eventually.ts";
import type { Stage } from "#sandbox/stage/stage.ts";
import { versions } from "#sandbox/stage/versions.ts";
import { appStage, ask, strike } from "#test/support/app-stage.ts";

let stage: Stage;
let pull: { readonly number: number; readonly sha: string };

beforeAll(async () => {
  stage = await appStage({ resyncSeconds: 2 });
  pull = await stage.propose("operated", "Rank by BM25", versions.slow);
});
afterAll(() => strike(stage));

async function get(path: string): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`${stage.appUrl}${path}`);
  return { status: response.status, text: await response.text() };
}

/** The value of a series, once it is there. */
const valueOf = (series: string): Promise<number> =>
  eventually(`a series ${series}`, async () => {
    const line = (await get("/metrics")).text.split("\n").find((other) => other.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length + 1));
  });

const said = (event: string): Readonly<Record<string, unknown>> | undefined =>
  stage.app?.lines().findLast((line) => String(line["event"]).startsWith(event));

describe("an operator", () => {
  it("sees that the process lives and takes webhooks", async () => {
    expect(await get("/healthz")).toEqual({ status: 200, text: "ok\n" });
    expect(await get("/readyz")).toEqual({ status: 200, text: "ready\n" });
  });

  it("meets no request that ends the process, and no way around an ingress to the metrics", async () => {
    const status = (path: string): Promise<number | undefined> =>
      new Promise((done, failed) => {
        const { hostname, port } = new URL(stage.appUrl);
        request({ hostname, port, path }, (response) => done(response.resume().statusCode))
          .on("error", failed)
          .end();
      });
    for (const path of ["//", "//[", "/api/slipway/v1/../../../metrics", "http://[/"]) expect(await status(path), path).not.toBe(200);
    expect((await get("/healthz")).status).toBe(200);
  });

  it("sees webhooks, commands, judged heads, GitHub's answers and the resync in /metrics, and no name of anybody", async () => {
    await ask(stage.people.lee, pull.number, "/slipway help");
    expect(await valueOf('slipway_webhooks_total{event="pull_request",outcome="taken"}')).toBeGreaterThanOrEqual(1);
    expect(await valueOf('slipway_webhooks_total{event="issue_comment",outcome="taken"}')).toBeGreaterThanOrEqual(1);
    expect(await valueOf('slipway_commands_total{command="help",outcome="told"}')).toBe(1);
    expect(await valueOf('slipway_evaluations_judged_total{verdict="no-data"}')).toBeGreaterThanOrEqual(1);
    expect(await valueOf('slipway_github_requests_total{status="200"}')).toBeGreaterThan(5);
    expect(await valueOf('slipway_task_duration_seconds_count{task="resync",outcome="done"}')).toBeGreaterThanOrEqual(1);
    const { text } = await get("/metrics");
    expect(text).toMatch(/^slipway_github_rate_limit_remaining\{installation="\d+",resource="core"\} \d+$/m);
    expect(text).toMatch(/^slipway_last_resync_timestamp_seconds 1\d{9}/m);
    expect(text).toMatch(/^slipway_open_releases\{phase="progressing"\} 0$/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    for (const name of ["acme", "lee", "maria", "search-ranker"]) expect(text).not.toContain(name);
  });

  it("sees a webhook that was not GitHub's counted as refused, and is told no secret by any line", async () => {
    const response = await fetch(`${stage.appUrl}/api/github/webhooks`, {
      method: "POST",
      body: "{}",
      headers: {
        "content-type": "application/json",
        "x-github-event": "push",
        "x-github-delivery": "1",
        "x-hub-signature-256": "sha256=00",
      },
    });
    expect(response.status).toBe(400);
    expect(await valueOf('slipway_webhooks_total{event="push",outcome="refused"}')).toBe(1);
    const log = JSON.stringify(stage.app?.lines());
    expect(log).not.toContain(stage.appEnvironment["SLIPWAY_WEBHOOK_SECRET"] ?? "no secret is set");
    expect(log).not.toMatch(/gh[a-z]_\w{8}|eyJ\w{8}|PRIVATE KEY/);
  });
});

describe("asked to stop", () => {
  it("the App finishes what is under way first, and takes nothing new", async () => {
    // The first comment is lee's, the second the App's answer.
    await stage.double.fault({ method: "POST", path: "/issues/\\d+/comments$", kind: "delay", milliseconds: 1500, after: 1 });
    const comment = await stage.people.lee.comment("acme/models", pull.number, "/slipway help status");
    await eventually("the answer is on its way", async () =>
      JSON.stringify(await stage.double.ask("GET", "faults")) === "[]" ? true : undefined,
    );
    await stage.app?.kill("SIGTERM");
    expect(said("Slipway stops")).toMatchObject({ signal: "SIGTERM", running: expect.arrayContaining([expect.any(String)]) });
    expect(said("stopped")).toMatchObject({ level: "info", event: "stopped" });
    const comments = await stage.people.lee.comments("acme/models", pull.number);
    expect(comments.filter(({ body }) => body.startsWith(`<!-- slipway:answer ${comment.id} -->`))).toHaveLength(1);
    await expect(get("/healthz")).rejects.toThrow();
  });

  it("the App does not wait for ever for a call that GitHub never answers, and says what it left", async () => {
    stage.appEnvironment["SLIPWAY_SHUTDOWN_SECONDS"] = "1";
    await stage.startApp();
    await stage.double.fault({ method: "GET", path: "/issues/comments/\\d+$", kind: "hold", times: 20 });
    await stage.people.lee.comment("acme/models", pull.number, "/slipway help deploy");
    await stage.double.ask("POST", "idle");
    await stage.app?.kill("SIGTERM");
    expect(said("stopped with work under way")).toMatchObject({ level: "warn", running: ["models acme/models"] });
    await stage.double.ask("DELETE", "faults");
  });
});
