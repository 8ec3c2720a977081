import type { LiveAnswer } from "#domain/report/live-answer.ts";
import type { SlipwayApp } from "#ports/slipway-app.ts";

export interface FakeSlipwayApp extends SlipwayApp {
  /** Runs of which it was told. */
  readonly announced: readonly { readonly run: number; readonly attempt: number }[];
}

/** An App that gives one answer about all models; undefined: it answers nobody. */
export function fakeSlipwayApp(answer: LiveAnswer | undefined): FakeSlipwayApp {
  const announced: { readonly run: number; readonly attempt: number }[] = [];
  const unanswered = { kind: "unanswered", reason: "it answered 503" } as const;
  return {
    announced,
    live: async () => (answer === undefined ? unanswered : { kind: "answer", answer }),
    announce: async (run, attempt) => {
      if (answer === undefined) return unanswered;
      announced.push({ run, attempt });
      return { kind: "announced" };
    },
  };
}
