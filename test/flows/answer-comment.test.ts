import { describe, expect, test } from "vitest";
import { policyPath, releasePath, statePath } from "#domain/environment/paths.ts";
import { parseTrailers } from "#domain/environment/trailers.ts";
import { answerComment } from "#flows/answer-comment.ts";
import { ask, headOf, lineFor, openRelease, passing } from "#test/support/commenting.ts";
import { measured } from "#test/support/judging.ts";
import { killable } from "#test/support/killable.ts";
import { type TestWorld } from "#test/support/world.ts";
import { better, policyText, production, ranker, version } from "#test/support/world-texts.ts";

describe("a deploy", () => {
  test("becomes one commit with manifests, state, record, evidence and trailers, and is answered", async () => {
    const { w, pull, line } = await passing();
    const before = await w.environments.snapshot();
    const comment = w.say(pull, line);
    await answerComment(w.world, w.models, comment.id);

    const after = await w.environments.snapshot();
    const release = await openRelease(w);
    if (release === undefined || release === null) throw new Error("a release is open");
    expect(release).toMatchObject({ phase: "progressing", step: 0, weight: 5, liveSince: null, candidate: better });
    const [newest, ...others] = await w.environments.history({ limit: 9, trailer: "Slipway-Command", value: String(comment.id) });
    expect(others).toEqual([]);
    expect(newest?.sha).toBe(after.head);
    const [entry] = await w.evidence.read(1, pull.number);
    const report = entry?.files.reports.get("search-ranker.json");
    const evidence = [...after.entries.keys()].find((path) => path.startsWith(".slipway/evidence/search-ranker/")) ?? "";
    expect(w.environments.text(evidence)).toBe(new TextDecoder().decode(report));
    expect(parseTrailers(newest?.message ?? "")).toEqual({
      "Slipway-Release": release.id,
      "Slipway-Step": "start",
      "Slipway-Command": String(comment.id),
      "Slipway-Evidence": `sha256:${evidence.slice(-69, -5)}`,
      "Slipway-Policy": before.head,
    });
    const changed = [...after.entries].filter(([path, blob]) => before.entries.get(path) !== blob).map(([path]) => path);
    expect(changed.toSorted()).toEqual(
      [
        evidence,
        releasePath(production, ranker, release.id),
        statePath(production, ranker),
        "environments/production/search-ranker/deployment-cccccccc.yaml",
        "environments/production/search-ranker/http-route.yaml",
      ].toSorted(),
    );
    expect(w.conversation.answersTo(comment.id)[0]).toContain("Starts the release of search-ranker 2026.11.20-3 to production");
    expect(w.conversation.reactionsTo(comment.id)).toEqual(["rocket"]);
  });

  test("is executed once, however often its comment is handled", async () => {
    const { w, pull, line } = await passing();
    const comment = w.say(pull, line);
    await answerComment(w.world, w.models, comment.id);
    const first = await headOf(w);
    await answerComment(w.world, w.models, comment.id);
    expect(await headOf(w)).toBe(first);
  });

  test("of which the process dies after the commit and before the answer is executed once, and answered as if nothing had happened", async () => {
    const undisturbed = await passing();
    const answer = await ask(undisturbed.w, undisturbed.pull, undisturbed.line);

    const { w, pull, line } = await passing();
    const comment = w.say(pull, line);
    const process = killable(w.world, w.models, { write: 2, when: "before" });
    await expect(answerComment(process.world, process.models, comment.id)).rejects.toThrow("before react");
    const started = await openRelease(w);
    expect(started).toMatchObject({ weight: 5 });
    process.restart();
    w.clock.advance(60_000);
    await answerComment(process.world, process.models, comment.id);
    await answerComment(process.world, process.models, comment.id);

    expect(process.writes).toEqual(["commit", "react", "answer"]);
    expect(await openRelease(w)).toEqual(started);
    expect(w.conversation.answersTo(comment.id)).toEqual([answer]);
  });

  test("that two replicas handle at the same time starts one release", async () => {
    const { w, pull, line } = await passing();
    const comment = w.say(pull, line);
    await Promise.all([answerComment(w.world, w.models, comment.id), answerComment(w.world, w.models, comment.id)]);
    expect(await w.environments.history({ limit: 9, trailer: "Slipway-Step", value: "start" })).toHaveLength(1);
  });

  test("is recorded although its answer is an old comment's: git knows the comment, not the clock", async () => {
    const { w, pull, line } = await passing();
    const comment = w.say(pull, line);
    const process = killable(w.world, w.models, { write: 2, when: "before" });
    await expect(answerComment(process.world, process.models, comment.id)).rejects.toThrow();
    w.clock.advance(40 * 60_000);
    process.restart();
    await answerComment(process.world, process.models, comment.id);
    expect(w.conversation.answersTo(comment.id)[0]).toContain("Starts the release");
  });
});

describe("a deploy while the environments repository moves", () => {
  test("is decided again on what it moved to, and lands", async () => {
    const { w, pull, line } = await passing();
    w.environments.beforeNextWrite(() => void w.environments.edit({ "unrelated.md": "words" }));
    expect(await ask(w, pull, line)).toContain("Starts the release");
    expect(w.environments.text("unrelated.md")).toBe("words");
    expect(await openRelease(w)).toMatchObject({ weight: 5 });
  });

  const other = version("2026.11.19-1", "d");
  const appeared: readonly (readonly [string, (w: TestWorld) => void, RegExp])[] = [
    ["a hold", (w) => void w.hold(better), /is held in production/],
    ["a freeze", (w) => void w.freeze(), /The freeze peak/],
    ["a policy that names the model no more", (w) => void w.environments.edit({ [policyPath]: policyText({ models: {} }) }), /The policy /],
    ["a policy that cannot be read", (w) => void w.environments.edit({ [policyPath]: "" }), /The policy cannot be read/],
    ["a state that cannot be read", (w) => void w.environments.edit({ [statePath(production, ranker)]: "live" }), /could not be read/],
    [
      "another baseline",
      (w) => {
        const path = statePath(production, ranker);
        w.environments.edit({ [path]: (w.environments.text(path) ?? "").replaceAll("a".repeat(64), other.digest.slice(7)) });
      },
      /Run the evaluation again/,
    ],
  ];
  test.each(appeared)("is refused because of %s that came in between", async (_, meanwhile, reason) => {
    const { w, pull, line } = await passing();
    w.environments.beforeNextWrite(() => meanwhile(w));
    expect(await ask(w, pull, line)).toMatch(reason);
    expect([...(await w.environments.snapshot()).entries.keys()].filter((path) => path.startsWith(".slipway/releases"))).toEqual([]);
  });

  test("is refused because another release was opened in between", async () => {
    const { w, pull, line } = await passing();
    const rival = w.propose(other);
    await measured(w, rival);
    const theirs = w.say(rival, lineFor(rival));
    const mine = w.say(pull, line);
    await Promise.all([answerComment(w.world, w.models, theirs.id), answerComment(w.world, w.models, mine.id)]);
    const answers = [mine, theirs].map(({ id }) => w.conversation.answersTo(id)[0] ?? "");
    expect(answers.filter((answer) => answer.includes("Starts the release"))).toHaveLength(1);
    expect(answers.filter((answer) => answer.includes("production is taken: release"))).toHaveLength(1);
  });

  test("says so when it moves faster than Slipway can read it", async () => {
    const { w, pull, line } = await passing();
    let moved = 0;
    const move = (): void => {
      w.environments.edit({ "counter.md": String(moved++) });
      w.environments.beforeNextWrite(move);
    };
    w.environments.beforeNextWrite(move);
    await expect(ask(w, pull, line)).rejects.toThrow("moved under each of 8 attempts");
    expect(moved).toBe(8);
  });

  test("is told when the host's rules refuse the commit", async () => {
    const { w, pull, line } = await passing();
    w.environments.refuse("protected branch: changes must be made through a pull request");
    const answer = await ask(w, pull, line);
    expect(answer).toContain("The environments repository refuses the commit: protected branch");
    expect(await openRelease(w)).toBeNull();
  });
});
