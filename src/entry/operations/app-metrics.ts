import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { commandNames } from "#domain/command/registry.ts";
import { verdicts } from "#domain/evaluation/verdict.ts";
import { webhookEvents } from "#entry/permissions.ts";
import { oneOf, taskKind } from "./bounded-label.ts";
import type { PushOutcome } from "./counted-environments.ts";

/** Resources of GitHub's budget that Slipway draws on (REST: rate limit); an older Enterprise Server does not name the one it has. */
const budgets = ["core", "search", "graphql"];

const phases = ["progressing", "paused", "stopping"] as const;

/**
 * What `/metrics` tells of this process. Every label is of a closed list or a number of GitHub's: no name of a model, a person or a repository
 * can grow it, or be read out of it.
 */
export class AppMetrics {
  readonly registry = new Registry();
  readonly #own = { registers: [this.registry] };
  readonly #webhooks = new Counter({
    name: "slipway_webhooks_total",
    help: "Webhooks that came in, by event and by what they were answered: taken, refused (4xx), failed (5xx).",
    labelNames: ["event", "outcome"],
    ...this.#own,
  });
  readonly #commands = new Counter({
    name: "slipway_commands_total",
    help: "Slash commands that were answered, by command and by answer: done, told, refused.",
    labelNames: ["command", "outcome"],
    ...this.#own,
  });
  readonly #judged = new Counter({
    name: "slipway_evaluations_judged_total",
    help: "Heads of pull requests that were judged, repeated looks included, by verdict.",
    labelNames: ["verdict"],
    ...this.#own,
  });
  readonly #pushes = new Counter({
    name: "slipway_environments_pushes_total",
    help: "Pushes to environments repositories, by outcome; moved: the branch had moved, so Slipway read again and decided again.",
    labelNames: ["outcome"],
    ...this.#own,
  });
  readonly #requests = new Counter({
    name: "slipway_github_requests_total",
    help: "Requests to GitHub, by the status of the answer; none: no answer came.",
    labelNames: ["status"],
    ...this.#own,
  });
  readonly #remaining = new Gauge({
    name: "slipway_github_rate_limit_remaining",
    help: "What GitHub last said is left of its budget, by installation and resource.",
    labelNames: ["installation", "resource"],
    ...this.#own,
  });
  readonly #tasks = new Histogram({
    name: "slipway_task_duration_seconds",
    help: "How long pieces of work took; resync: one model repository looked at as if no webhook had ever come.",
    labelNames: ["task", "outcome"],
    buckets: [0.05, 0.2, 1, 5, 15, 60, 300, 900],
    ...this.#own,
  });
  readonly #lastResync = new Gauge({
    name: "slipway_last_resync_timestamp_seconds",
    help: "When a resync of a model repository last ended well, in seconds since 1970; 0 before the first.",
    ...this.#own,
  });
  readonly #open = new Gauge({
    name: "slipway_open_releases",
    help: "Open releases as they were last seen, by phase.",
    labelNames: ["phase"],
    ...this.#own,
  });
  readonly #breaches = new Counter({
    name: "slipway_breaches_total",
    help: "Releases that this process stopped because an objective was broken.",
    ...this.#own,
  });
  readonly #openOf = new Map<string, readonly string[]>();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    for (const phase of phases) this.#open.set({ phase }, 0);
  }

  webhook(event: unknown, status: number): void {
    const outcome = status < 400 ? "taken" : status < 500 ? "refused" : "failed";
    this.#webhooks.inc({ event: oneOf(webhookEvents, event), outcome });
  }

  command(command: unknown, outcome: unknown): void {
    this.#commands.inc({ command: oneOf(commandNames, command), outcome: oneOf(["done", "told", "refused"], outcome) });
  }

  judged(verdict: unknown): void {
    this.#judged.inc({ verdict: oneOf(verdicts, verdict) });
  }

  pushed(outcome: PushOutcome): void {
    this.#pushes.inc({ outcome });
  }

  githubAnswered({ installation, status, headers }: GitHubAnswered): void {
    this.#requests.inc({ status: status === undefined ? "none" : String(status) });
    const remaining = Number(headers["x-ratelimit-remaining"] ?? Number.NaN);
    if (installation === undefined || !Number.isFinite(remaining)) return;
    this.#remaining.set(
      { installation: String(installation), resource: oneOf(budgets, headers["x-ratelimit-resource"] ?? "core") },
      remaining,
    );
  }

  worked(key: string, seconds: number, failed: boolean): void {
    const task = taskKind(key);
    this.#tasks.observe({ task, outcome: failed ? "failed" : "done" }, seconds);
    if (task === "resync" && !failed) this.#lastResync.setToCurrentTime();
  }

  /** @param phases of all open releases of an environments repository */
  openReleases(repository: string, seen: readonly string[]): void {
    this.#openOf.set(repository, seen);
    const all = [...this.#openOf.values()].flat();
    for (const phase of phases) this.#open.set({ phase }, all.filter((other) => other === phase).length);
  }

  breach(): void {
    this.#breaches.inc();
  }
}

interface GitHubAnswered {
  readonly installation: number | undefined;
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
}
