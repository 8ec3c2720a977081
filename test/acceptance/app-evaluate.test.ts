import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { eventually } from "#sandbox/stage/eventually.ts";
import type { Stage } from "#sandbox/stage/stage.ts";
import { versions } from "#sandbox/stage/versions.ts";
import { appStage, ask, commitsWith, deliveries, evaluated, models, strike } from "#test/support/app-stage.ts";

let stage: Stage;
let pull: { readonly number: number; readonly sha: string };

beforeAll(async () => {
  stage = await appStage({ resyncSeconds: 3600 });
  pull = await stage.propose("good", "Rank by BM25", versions.slow);
  await evaluated(stage, pull, "Pass");
});
afterAll(() => strike(stage));

const runSchema = z.array(z.looseObject({ id: z.number(), attempt: z.number(), headSha: z.string() }));
const runs = async () => runSchema.parse(await stage.double.ask("GET", "runs")).filter(({ headSha }) => headSha === pull.sha);

describe("/slipway evaluate", () => {
  it("is refused to somebody without the role, and starts one attempt more for somebody with it, with a token for that alone", async () => {
    const [before] = await runs();
    const refused = await ask(stage.people.maria, pull.number, "/slipway evaluate");
    expect(refused.answer).toContain("⛔ maria may not have this evaluated again.");
    expect(await runs()).toEqual([before]);

    const { answer } = await ask(stage.people.lee, pull.number, `/slipway evaluate @${pull.sha}`);
    expect(answer).toContain(`🚀 Evaluates ${pull.sha.slice(0, 12)} again: attempt 2 of run ${before?.id}.`);
    expect(await runs()).toMatchObject([{ id: before?.id, attempt: 2 }]);
  });
});

const checkSchema = z.looseObject({ id: z.number(), external_id: z.string() });

/** The answer to a click on a button of the check; there is one. */
async function click(by: string, verb: string): Promise<{ readonly answer: string; readonly check: number; readonly action: string }> {
  const shown = (await stage.people.lee.checks(models, pull.sha)).find(({ name }) => name === "slipway");
  const check = checkSchema.parse(shown);
  const action = check.external_id.split(" ").find((identifier) => identifier.startsWith(`${verb}:`)) ?? "";
  await stage.double.ask("POST", `checks/${check.id}/click`, { by, identifier: action });
  const marker = `<!-- slipway:answer check ${check.id} ${action} ${by} -->\n`;
  const answer = await eventually("the answer to a click", async () => {
    const comments = await stage.people.lee.comments(models, pull.number);
    return comments.find(({ body }) => body.startsWith(marker))?.body;
  });
  return { answer, check: check.id, action };
}

describe("a button of the check", () => {
  it("is refused to somebody without the role, by name", async () => {
    const { answer } = await click("maria", "deploy");
    expect(answer).toContain('maria clicked "Deploy" on the check of');
    expect(answer).toContain("⛔ maria may not deploy to production.");
  });

  it("starts the release once, also when its webhook is delivered again", async () => {
    const { answer, check, action } = await click("lee", "deploy");
    expect(answer).toContain("🚀 Starts the release of search-ranker 2026.11.18-1 to production.");
    const delivery = (await deliveries(stage)).findLast(({ event, action: what }) => event === "check_run" && what === "requested_action");
    await stage.double.ask("POST", `redeliver/${delivery?.id}`);
    await stage.double.ask("POST", "idle");
    // Whatever was asked after the redelivery is answered after it.
    await ask(stage.people.lee, pull.number, "/slipway status");
    expect(await commitsWith(stage, "Slipway-Command", `check ${check} ${action}`)).toHaveLength(1);
    expect(await commitsWith(stage, "Slipway-Step", "start")).toHaveLength(1);
  });
});
