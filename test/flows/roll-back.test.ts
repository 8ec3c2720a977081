import { describe, expect, test } from "vitest";
import { holdPath, incidentPath, rollbackBranch, statePath } from "#domain/environment/paths.ts";
import { incidentIn, stateIn } from "#domain/environment/read-snapshot.ts";
import { releaseIdSchema } from "#domain/model/names.ts";
import { answerComment } from "#flows/answer-comment.ts";
import { lineFor, openRelease } from "#test/support/commenting.ts";
import { backendsInGit, ownedFiles } from "#test/support/git-follower.ts";
import { measured } from "#test/support/judging.ts";
import { advance, changesOf, newestStep, releasing, slow, until } from "#test/support/releasing.ts";
import { routePath, servedFiles, type TestWorld, type WorldOptions } from "#test/support/world.ts";
import { better, liveVersion, policyText, production, ranker, version } from "#test/support/world-texts.ts";

const older = version("2026.10.01-1", "b");
const proposes = { policy: policyText({ environments: [{ name: "production", from: "pull-request", rollback: "propose" }] }) };

/** A release whose weight is back: the first write of a breach is done, the second is not. */
async function stopped(options: WorldOptions = {}): Promise<TestWorld> {
  return until(await releasing(options, slow), "stop");
}

async function looks(w: TestWorld, count: number): Promise<string[]> {
  const messages: string[] = [];
  for (let look = 0; look < count; look += 1) messages.push((await advance(w)).message);
  return messages;
}

async function incidentOf(w: TestWorld) {
  const [start] = await w.environments.history({ limit: 1, trailer: "Slipway-Step", value: "start" });
  const id = releaseIdSchema.parse(/Slipway-Release: (\S+)/.exec(start?.message ?? "")?.[1]);
  const incident = incidentIn(await w.environments.snapshot(), id);
  if (incident?.kind !== "ok") throw new Error("the incident can be read");
  return { id, incident: incident.value, issue: w.incidents.all()[0] };
}

async function stateOf(w: TestWorld) {
  const state = stateIn(await w.environments.snapshot(), production, ranker);
  if (state?.kind !== "ok") throw new Error("the state can be read");
  return state.value;
}

describe("a rollback", () => {
  test("opens its pull request, its incident, merges and closes, one step a look", async () => {
    const w = await stopped();
    expect(await looks(w, 5)).toEqual([
      "rollback pull request #1 is open",
      "incident #1 is open",
      "rollback pull request #1 is merged",
      "Close the rollback of search-ranker 2026.11.20-3 in production",
      "no release of search-ranker is open in production",
    ]);
  });

  test("restores the verified version's files byte for byte, and nothing else stays in the folder", async () => {
    const w = await stopped();
    await looks(w, 4);
    expect(Object.fromEntries(await ownedFiles(w))).toEqual(servedFiles([liveVersion]));
    expect(await stateOf(w)).toMatchObject({ live: liveVersion, release: null });
  });

  test("ends the record, keeps the hold, and leaves an incident that knows its issue and pull request", async () => {
    const w = await stopped();
    await looks(w, 4);
    const { incident, issue } = await incidentOf(w);
    expect(issue?.body).toContain(incident.closedAt ?? "nothing");
    expect(incident).toMatchObject({ issue: 1, pullRequest: 1, closedAt: w.clock.now(), restores: liveVersion });
    expect(w.environments.text(holdPath(production, ranker, better.digest))).toContain("latency");
    expect(issue).toMatchObject({ closed: false, title: "search-ranker 2026.11.20-3 broke an objective in production" });
    expect(issue?.body).toContain("✅ Rolled back at ");
    expect(issue?.body).toContain("140");
  });

  test("carries its evidence in the body of its pull request", async () => {
    const w = await stopped();
    await advance(w);
    const [proposal] = w.proposals.all();
    expect(proposal).toMatchObject({ state: "open", title: expect.stringContaining("Roll back search-ranker in production") });
    expect(proposal?.body).toContain("70 % [63.3, 75.9]");
    expect(proposal?.body).toContain("2026.11.02-1");
  });

  test("leaves a digest that no deploy starts again", async () => {
    const w = await stopped();
    await looks(w, 4);
    const pull = await w.repository.pullRequest(1);
    if (pull === undefined) throw new Error("the pull request exists");
    const comment = w.say(pull, lineFor(pull));
    await answerComment(w.world, w.models, comment.id);
    expect(w.conversation.answersTo(comment.id)[0]).toContain("is held in production");
  });

  test("is not stopped by a freeze", async () => {
    const w = await stopped();
    w.freeze();
    await looks(w, 4);
    expect(await newestStep(w)).toBe("rolled back");
  });

  test("whose last commit finds the repository moved is closed at the next look", async () => {
    const w = await stopped();
    await looks(w, 3);
    w.environments.beforeNextWrite(() => void w.environments.edit({ "other.md": "words" }));
    expect(await looks(w, 2)).toEqual([
      "the environments repository moved",
      "Close the rollback of search-ranker 2026.11.20-3 in production",
    ]);
    expect(w.incidents.all()).toHaveLength(1);
  });

  test("goes on from a branch that was pushed before the process died", async () => {
    const w = await stopped();
    const open = w.proposals.open;
    const proposals = { ...w.world.proposals, open: () => Promise.reject(new Error("killed")) };
    const { id } = await incidentOf(w);
    await expect(advance({ ...w, world: { ...w.world, proposals } })).rejects.toThrow("killed");
    const pushed = w.environments.tip(rollbackBranch(id));
    expect(pushed).toBeDefined();
    await advance({ ...w, world: { ...w.world, proposals: { ...proposals, open } } });
    expect(w.proposals.all()).toMatchObject([{ head: pushed }]);
  });
});

describe("a rollback that a person decides", () => {
  test("waits, where the policy only proposes, and is closed when the person has merged", async () => {
    const w = await stopped(proposes);
    expect(await looks(w, 4)).toEqual([
      "rollback pull request #1 is open",
      "incident #1 is open",
      "pull request #1 waits for a person to merge it",
      "pull request #1 waits for a person to merge it",
    ]);
    expect(backendsInGit(await ownedFiles(w)).find(({ digest }) => digest === better.digest)?.weight).toBe(0);
    const [proposal] = w.proposals.all();
    if (proposal === undefined) throw new Error("a pull request is open");
    await w.proposals.merge(proposal.number, proposal.head);
    expect(await looks(w, 1)).toEqual(["Close the rollback of search-ranker 2026.11.20-3 in production"]);
    expect(Object.fromEntries(await ownedFiles(w))).toEqual(servedFiles([liveVersion]));
  });

  test("is not proposed again when the person closed it, and the hold stays", async () => {
    const w = await stopped(proposes);
    await looks(w, 2);
    w.proposals.close(1);
    const { moved } = await changesOf(w, async () => {
      expect(await looks(w, 2)).toEqual([
        "pull request #1 was closed unmerged; the hold stays",
        "pull request #1 was closed unmerged; the hold stays",
      ]);
    });
    expect(moved).toBe(false);
    expect(w.proposals.all()).toHaveLength(1);
    expect(w.environments.text(holdPath(production, ranker, better.digest))).toBeDefined();
  });

  test("still gets its incident when it was closed before that was open", async () => {
    const w = await stopped();
    await looks(w, 1);
    w.proposals.close(1);
    expect(await looks(w, 2)).toEqual(["incident #1 is open", "pull request #1 was closed unmerged; the hold stays"]);
  });

  test("stops when the person edits the model's files (people win)", async () => {
    const w = await stopped();
    await looks(w, 1);
    w.environments.edit({ [routePath]: "kind: HTTPRoute\n" });
    expect(await looks(w, 1)).toEqual([expect.stringMatching(/^edited by Alex Person/)]);
    expect(w.proposals.all()).toMatchObject([{ state: "open" }]);
  });

  test("stops when the person changed its branch before it was merged", async () => {
    const w = await stopped(proposes);
    await looks(w, 2);
    const [proposal] = w.proposals.all();
    if (proposal === undefined) throw new Error("a pull request is open");
    await w.proposals.merge(proposal.number, proposal.head);
    w.environments.edit({ [routePath]: "kind: HTTPRoute\n" });
    expect(await looks(w, 1)).toEqual([expect.stringMatching(/^edited by Alex Person/)]);
    expect(await openRelease(w)).toMatchObject({ phase: "stopping" });
  });
});

describe("what a rollback goes back to", () => {
  test("is nothing where every verified version is held: an incident says so, and the removal of the route is only proposed", async () => {
    const w = await until(await releasing({}, slow), "live 5");
    w.hold(liveVersion);
    await until(w, "stop");
    expect(await looks(w, 3)).toEqual([
      "incident #1 is open",
      "pull request #1 proposes to remove the route",
      "no earlier version was verified here that is not held: a person must decide what the route serves; pull request #1 proposes to remove it",
    ]);
    expect(w.proposals.all()).toMatchObject([{ state: "open" }]);
    expect((await incidentOf(w)).incident.restores).toBeNull();
    expect(w.incidents.all()[0]?.body).toContain("nothing is restored");
    expect(w.incidents.all()[0]?.body).not.toContain("will restore");
  });

  test("is the newest verified version that is not held, which is live from then on", async () => {
    const w = await until(await releasing({ adopted: [liveVersion, older] }, slow), "live 5");
    w.hold(liveVersion);
    await until(w, "stop");
    expect((await incidentOf(w)).incident.restores).toEqual(older);
    await looks(w, 4);
    expect(Object.fromEntries(await ownedFiles(w))).toEqual(servedFiles([older]));
    expect(await stateOf(w)).toMatchObject({ live: { ...older, since: w.clock.now() }, release: null });
    const { incident, issue } = await incidentOf(w);
    expect(incident.restores).toEqual(older);
    expect(issue?.body).toContain("2026.10.01-1");
  });

  test("is decided when it is proposed: a hold that came after the breach counts", async () => {
    const w = await stopped({ adopted: [liveVersion, older] });
    w.hold(liveVersion);
    await looks(w, 4);
    expect(Object.fromEntries(await ownedFiles(w))).toEqual(servedFiles([older]));
    expect(await stateOf(w)).toMatchObject({ live: older });
    expect((await incidentOf(w)).incident.restores).toEqual(older);
  });

  test("lets the next release start beside it", async () => {
    const w = await stopped({ adopted: [liveVersion, older] });
    w.hold(liveVersion);
    await looks(w, 4);
    const fix = version("2026.11.22-1", "e");
    const pull = w.propose(fix);
    await measured(w, pull, { baseline: older });
    const comment = w.say(pull, lineFor(pull));
    await answerComment(w.world, w.models, comment.id);
    expect(backendsInGit(await ownedFiles(w))).toEqual([
      { digest: older.digest, weight: 95 },
      { digest: fix.digest, weight: 5 },
    ]);
  });
});

describe("a rollback that is refused", () => {
  test("a branch that the host does not take is told, the incident is open all the same, and it is tried again", async () => {
    const w = await stopped();
    w.environments.refuse("branch names must match release/*");
    expect(await advance(w)).toMatchObject({ kind: "refused", message: "branch names must match release/*" });
    expect(await advance(w)).toMatchObject({ kind: "refused" });
    expect(w.incidents.all()).toHaveLength(1);
    w.environments.refuse(undefined);
    await looks(w, 3);
    expect(await newestStep(w)).toBe("rolled back");
  });

  test("a merge that is blocked is tried again, with the reason", async () => {
    const w = await stopped();
    w.proposals.block("a review is required");
    expect((await looks(w, 3)).at(-1)).toBe("a review is required");
    expect(await advance(w)).toMatchObject({ kind: "wait", wakeAt: expect.any(String) });
    w.proposals.block(undefined);
    await looks(w, 2);
    expect(await newestStep(w)).toBe("rolled back");
  });

  test("a last commit that the host does not take is told and tried again", async () => {
    const w = await stopped();
    await looks(w, 3);
    w.environments.refuse("protected");
    expect(await advance(w)).toMatchObject({ kind: "refused", message: "protected" });
    w.environments.refuse(undefined);
    expect(await looks(w, 1)).toEqual(["Close the rollback of search-ranker 2026.11.20-3 in production"]);
  });

  test("without the record of its incident nothing is done", async () => {
    const w = await stopped();
    const { id } = await incidentOf(w);
    w.environments.edit({ [incidentPath(id)]: null });
    expect(await looks(w, 1)).toEqual(["the incident of this release is not recorded"]);
    w.environments.edit({ [incidentPath(id)]: "schema: other\n" });
    expect(await looks(w, 1)).toEqual([expect.stringContaining(incidentPath(id))]);
    expect(w.proposals.all()).toEqual([]);
    expect(w.environments.text(statePath(production, ranker))).toContain("stopping");
  });
});
