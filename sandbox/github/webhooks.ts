import { createHmac, randomUUID } from "node:crypto";
import type { Contract } from "./contract.ts";

/** GitHub gives a webhook ten seconds. */
const patience = 10_000;

export interface Event {
  readonly event: string;
  readonly action: string | null;
  readonly installation: number;
  readonly repository: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly installation: number;
  readonly repository: number;
  readonly redelivery: boolean;
  readonly body: string;
  readonly deliveredAt: Date;
  seconds: number;
  /** 0 while it is under way; 502 when nobody answered. */
  statusCode: number;
  status: string;
}

export interface WebhookOptions {
  readonly secret: string;
  readonly appId: number;
  readonly events: readonly string[];
  readonly contract: Contract;
  readonly clock: () => Date;
  readonly nextId: (kind: string) => number;
}

/**
 * Signed, asynchronous, unordered, and lost when nobody listens: GitHub does not deliver again by itself.
 * `duplicate` sends everything twice under one GUID, as a redelivery does; `delay` milliseconds pass before each is sent; while `holding`,
 * what would be sent waits to be let go in another order.
 */
export class Webhooks {
  url: string | undefined;
  duplicate = false;
  delay = 0;
  holding = false;
  readonly #held: Delivery[] = [];
  readonly deliveries: Delivery[] = [];
  readonly #options: WebhookOptions;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  emit(event: Event): void {
    if (!this.#options.events.includes(event.event)) return;
    const name = [event.event, event.action].filter((part) => part !== null).join("-");
    this.#options.contract.checkWebhook(name.replaceAll("_", "-"), event.payload);
    const draft = { ...event, guid: randomUUID(), body: JSON.stringify(event.payload) };
    this.#send(draft, false);
    if (this.duplicate) this.#send(draft, true);
  }

  redeliver(id: number): Delivery | undefined {
    const earlier = this.deliveries.find((delivery) => delivery.id === id);
    return earlier === undefined ? undefined : this.#send(earlier, true);
  }

  /** Sends what was held, one answered before the next is sent: how many there were. */
  async release(order: "as-sent" | "reversed"): Promise<number> {
    this.holding = false;
    const held = this.#held.splice(0);
    for (const delivery of order === "as-sent" ? held : held.toReversed()) await this.#start(delivery);
    return held.length;
  }

  /** Settles when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #send(draft: Pick<Delivery, "guid" | "event" | "action" | "installation" | "repository" | "body">, redelivery: boolean): Delivery {
    const delivery: Delivery = {
      id: this.#options.nextId("delivery"),
      guid: draft.guid,
      event: draft.event,
      action: draft.action,
      installation: draft.installation,
      repository: draft.repository,
      body: draft.body,
      redelivery,
      deliveredAt: this.#options.clock(),
      seconds: 0,
      statusCode: 0,
      status: "pending",
    };
    this.deliveries.push(delivery);
    if (this.holding) this.#held.push(delivery);
    else void this.#start(delivery);
    return delivery;
  }

  #start(delivery: Delivery): Promise<void> {
    const sending = this.#after(this.delay)
      .then(() => this.#post(delivery))
      .finally(() => this.#underWay.delete(sending));
    this.#underWay.add(sending);
    return sending;
  }

  async #after(milliseconds: number): Promise<void> {
    if (milliseconds > 0) await new Promise((done) => setTimeout(done, milliseconds));
  }

  async #post(delivery: Delivery): Promise<void> {
    if (this.url === undefined) {
      delivery.statusCode = 502;
      delivery.status = "no webhook URL is set";
      return;
    }
    const started = performance.now();
    try {
      const answer = await fetch(this.url, {
        method: "POST",
        body: delivery.body,
        signal: AbortSignal.timeout(patience),
        headers: {
          "content-type": "application/json",
          "user-agent": "GitHub-Hookshot/double",
          "x-github-delivery": delivery.guid,
          "x-github-event": delivery.event,
          "x-github-hook-id": "1",
          "x-github-hook-installation-target-id": String(this.#options.appId),
          "x-github-hook-installation-target-type": "integration",
          "x-hub-signature-256": `sha256=${createHmac("sha256", this.#options.secret).update(delivery.body).digest("hex")}`,
        },
      });
      await answer.arrayBuffer();
      delivery.statusCode = answer.status;
      delivery.status = answer.ok ? "OK" : answer.statusText;
    } catch (error) {
      delivery.statusCode = 502;
      delivery.status = error instanceof Error ? error.message : "failed to connect to host";
    }
    delivery.seconds = (performance.now() - started) / 1000;
  }
}
