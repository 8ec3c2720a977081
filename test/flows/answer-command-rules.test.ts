import { describe, expect, test } from "vitest";
import { freezePath, lockPath } from "#domain/environment/paths.ts";
import { holdOn, lockIn } from "#domain/environment/read-snapshot.ts";
import { parseTrailers } from "#domain/environment/trailers.ts";
import { answerComment } from "#flows/answer-comment.ts";
import { freeClosedLocks } from "#flows/free-closed-locks.ts";
import { resyncModels } from "#flows/resync-models.ts";
import { canary, newestMessage, pull } from "#test/support/commanding.ts";
import { ask, lineFor, openRelease, passing } from "#test/support/commenting.ts";
import { measured } from "#test/support/judging.ts";
import { killable } from "#test/support/killable.ts";
import { advance, changesOf, until } from "#test/support/releasing.ts";
import { type TestWorld } from "#test/support/world.ts";
import { better, production, ranker, version } from "#test/support/world-texts.ts";

describe("hold and unhold", () => {
  test("hold what is on its way, which pauses it, and lifting starts nothing", async () => {
    const w = await canary();
    await ask(w, pull, `/slipway hold production ${better.digest.slice(7, 19)} it leaks`, "hal");
    expect(holdOn(await w.environments.snapshot(), production, ranker, better.digest)?.hold).toMatchObject({
      by: "hal",
      reason: "it leaks",
      ...better,
    });
    await until(w, "pause");
    expect(await ask(w, pull, `/slipway unhold production ${better.digest} fixed`, "hal")).toContain(
      "Lift the hold of search-ranker 2026.11.20-3",
    );
    expect(holdOn(await w.environments.snapshot(), production, ranker, better.digest)).toBeUndefined();
    expect(await openRelease(w)).toMatchObject({ phase: "paused" });
  });

  test("are for holders", async () => {
    const w = await canary();
    const answer = await ask(w, pull, `/slipway hold production ${better.digest} it leaks`);
    expect(answer).toContain("lee may not hold in production. That is for hal.");
  });

  test("a hold that came after the comment is not lifted by it", async () => {
    const w = await canary();
    const comment = w.say(pull, `/slipway unhold production ${better.digest} fixed`, "hal");
    await ask(w, pull, `/slipway hold production ${better.digest} it leaks`, "hal");
    await answerComment(w.world, w.models, comment.id);
    expect(w.conversation.answersTo(comment.id)[0]).toContain("The hold of 2026.11.20-3 began at");
    expect(holdOn(await w.environments.snapshot(), production, ranker, better.digest)).toBeDefined();
  });

  test("a digest that nobody knows is held when it is written whole", async () => {
    const w = await canary();
    expect(await ask(w, pull, "/slipway hold production ffffffffffff bad", "hal")).toContain("Write all 64 digits");
    const whole = version("x", "f").digest;
    await ask(w, pull, `/slipway hold production ${whole} bad`, "hal");
    expect(holdOn(await w.environments.snapshot(), production, ranker, whole)?.hold?.version).toBe("unknown");
  });
});

describe("lock", () => {
  test("stops a new release, leaves the one that runs, and ends with its pull request", async () => {
    const { w, line } = await passing();
    await ask(w, pull, "/slipway lock production the catalogue moves");
    const refused = await ask(w, pull, line);
    expect(refused).toContain("lee locked search-ranker in production at");
    expect(refused).toContain("/slipway unlock production --model search-ranker");
    w.repository.close(1);
    await resyncModels(w.world, w.models);
    expect(lockIn(await w.environments.snapshot(), production, ranker)).toBeUndefined();
    expect(await newestMessage(w)).toContain("Unlock search-ranker in production: pull request #1 is closed");
  });

  test("with --keep ends only by unlock", async () => {
    const w = await canary();
    await ask(w, pull, "/slipway lock production --keep");
    w.repository.merge(1);
    await freeClosedLocks(w.world, w.models);
    expect(w.environments.text(lockPath(production, ranker))).toBeDefined();
    await until(w, "verified");
    await ask(w, pull, "/slipway unlock production");
    expect(w.environments.text(lockPath(production, ranker))).toBeUndefined();
  });
});

describe("freeze", () => {
  test("stops growth everywhere until it is lifted", async () => {
    const w = await canary();
    const comment = w.say(pull, "/slipway freeze all the sale", "hal");
    await answerComment(w.world, w.models, comment.id);
    w.clock.advance(2500);
    expect(await advance(w)).toMatchObject({ message: expect.stringContaining(`the freeze all-${comment.id} is in force`) });
    await ask(w, pull, `/slipway unfreeze all-${comment.id}`, "hal");
    await until(w, "verified");
  });

  test("until a time ends by itself", async () => {
    const w = await canary();
    const comment = w.say(pull, "/slipway freeze production until 10s the sale", "hal");
    await answerComment(w.world, w.models, comment.id);
    expect(w.environments.text(freezePath(`production-${comment.id}`))).toContain('reason: "the sale"');
    await until(w, "verified");
  });

  test.each([
    ["/slipway unfreeze peek", "There is no freeze peek; none is set."],
    ["/slipway freeze prodction the sale", "The policy has no environment prodction"],
    ["/slipway freeze production until 2020-01-01T00:00:00Z the sale", "is past"],
  ])("%s is refused", async (line, why) => {
    const w = await canary();
    expect(await ask(w, pull, line, "hal")).toContain(why);
  });
});

describe("deploy --supersede", () => {
  test("returns the weight first and then starts at step one", async () => {
    const w = await until(await canary(), "weight 25");
    const rival = w.propose(version("2026.11.21-1", "d"));
    await measured(w, rival);
    const refused = await ask(w, rival, lineFor(rival));
    expect(refused).toContain(`${lineFor(rival)} --supersede`);
    expect(await ask(w, rival, `${lineFor(rival)} --supersede`)).toContain("Starts the release of search-ranker 2026.11.21-1");
    expect(await openRelease(w)).toMatchObject({ step: 0, weight: 5, candidate: { version: "2026.11.21-1" } });
    const steps = (await w.environments.history({ limit: 2, paths: [".slipway/state"] })).map(
      ({ message }) => parseTrailers(message)["Slipway-Step"],
    );
    expect(steps).toEqual(["start", "aborted"]);
  });
});

describe("promote", () => {
  test("to an environment that comes after no other says to deploy", async () => {
    const { w, line } = await passing();
    const answer = await ask(w, pull, line.replace("deploy", "promote"));
    expect(answer).toContain("production comes after no other environment");
    expect(answer).toContain(line);
  });
});

describe("every command", () => {
  const commands = [
    ["pause production", "lee"],
    ["abort production", "lee"],
    ["rollback production", "lee"],
    [`hold production ${better.digest} bad`, "hal"],
    ["lock production", "lee"],
    ["freeze all bad", "hal"],
  ] as const;

  test.each(commands)("%s is carried out once and answered alike, wherever the process dies", async (words, who) => {
    const undisturbed = await canary();
    const answer = await ask(undisturbed, pull, `/slipway ${words}`, who);
    const steps = async (w: TestWorld) =>
      (await w.environments.history({ limit: 50, paths: ["environments", ".slipway"] })).map(({ message }) => message);
    for (const write of [1, 2, 3]) {
      for (const when of ["before", "after"] as const) {
        const w = await canary();
        const comment = w.say(pull, `/slipway ${words}`, who);
        const process = killable(w.world, w.models, { write, when });
        await expect(answerComment(process.world, process.models, comment.id)).rejects.toThrow(when);
        process.restart();
        await answerComment(process.world, process.models, comment.id);
        await answerComment(process.world, process.models, comment.id);
        expect([write, when, w.conversation.answersTo(comment.id)]).toEqual([write, when, [answer]]);
        expect((await steps(w)).length).toBe((await steps(undisturbed)).length);
      }
    }
  });

  test.each(commands)("%s is not carried out when its comment was edited, deleted or is old", async (words, who) => {
    for (const spoil of ["edit", "remove", "age"] as const) {
      const w = await canary();
      const comment = w.say(pull, `/slipway ${words}`, who);
      if (spoil === "edit") w.conversation.edit(comment.id, `/slipway ${words}`);
      if (spoil === "remove") w.conversation.remove(comment.id);
      if (spoil === "age") w.clock.advance(31 * 60_000);
      const { moved } = await changesOf(w, () => answerComment(w.world, w.models, comment.id));
      expect([spoil, moved]).toEqual([spoil, false]);
    }
  });

  test.each(commands)("%s is refused to a stranger with the people who may", async (words) => {
    const w = await canary();
    const { moved } = await changesOf(w, async () =>
      expect(await ask(w, pull, `/slipway ${words}`, "mallory")).toMatch(/mallory may not \w+.* That is for (lee|hal)\./),
    );
    expect(moved).toBe(false);
  });
});
