import { actionsRunner } from "#adapters/actions-runner/actions-runner.ts";
import { httpSlipwayApp } from "#adapters/slipway-app/http-slipway-app.ts";
import { readInputs } from "./action-io.ts";
import { readJob } from "./job.ts";

/** Tells the App that there is evidence to fetch. Only a hint: the App finds it by itself at its next look around, so nothing here fails the job. */
export async function notify(environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  const { appUrl } = readInputs(environment);
  if (appUrl === undefined) return;
  const { id, attempt } = readJob(environment);
  const runner = actionsRunner(environment);
  const app = httpSlipwayApp({ url: appUrl, token: () => runner.identityToken("slipway:app") });

  const announced = await app.announce(id, attempt);

  if (announced.kind === "unanswered") {
    runner.annotate({
      level: "notice",
      message: `The Slipway App was not told of this run (${announced.reason}); it finds the evidence by itself a little later.`,
    });
  }
}
