import type { ModelName } from "#domain/model/names.ts";
import type { LiveAnswer } from "#domain/report/live-answer.ts";

/** The App, as the Action calls it. Neither call decides anything: without an answer the Action does its work all the same. */
export interface SlipwayApp {
  live(model: ModelName): Promise<LiveReading>;
  /** Tells that a run has left evidence. */
  announce(run: number, attempt: number): Promise<Announced>;
}

type Unanswered = { readonly kind: "unanswered"; readonly reason: string };

export type LiveReading = { readonly kind: "answer"; readonly answer: LiveAnswer } | Unanswered;
export type Announced = { readonly kind: "announced" } | Unanswered;
