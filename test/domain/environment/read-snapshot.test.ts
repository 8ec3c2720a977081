import { expect, describe as group, test } from "vitest";
import { printHold } from "#domain/environment/hold.ts";
import { holdPath, incidentPath, policyPath, statePath } from "#domain/environment/paths.ts";
import { freezeFilesIn, holdOn, holdsIn, incidentIn, policyIn, stateIn, statesIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import { printState } from "#domain/environment/state.ts";
import { printIncident } from "#domain/incident/incident.ts";
import { commitShaSchema } from "#domain/model/names.ts";
import { at, environmentState, incident, releaseNumber } from "#test/support/builders.ts";
import { better, digest, policyText, production, ranker } from "#test/support/world-texts.ts";

function snapshot(texts: Readonly<Record<string, string>>): EnvironmentsSnapshot {
  return { head: commitShaSchema.parse("a".repeat(40)), entries: new Map(), texts: new Map(Object.entries(texts)) };
}

const hold = {
  schema: "slipway/hold/v1",
  environment: production,
  model: ranker,
  ...better,
  since: at(0),
  reason: "recall",
  liftedBy: "holder",
} as const;
const path = holdPath(production, ranker, better.digest);

group("the policy", () => {
  test("is read", () => {
    expect(policyIn(snapshot({ [policyPath]: policyText() }))).toMatchObject({
      kind: "ok",
      value: { models: { "search-ranker": { id: 1 } } },
    });
  });

  test("that is missing is a problem that names the file", () => {
    expect(policyIn(snapshot({}))).toMatchObject({ kind: "invalid", problems: [{ file: policyPath }] });
  });

  test("with a rule broken is as unreadable as one without shape", () => {
    const twice = policyText({ environments: [{ name: "production" }, { name: "production" }] });
    expect(policyIn(snapshot({ [policyPath]: twice }))).toMatchObject({ kind: "invalid", problems: [{ file: policyPath }] });
    expect(policyIn(snapshot({ [policyPath]: "[]" }))).toMatchObject({ kind: "invalid" });
  });
});

group("the state", () => {
  test("of a model that was never there is none", () => {
    expect(stateIn(snapshot({}), production, ranker)).toBeUndefined();
  });

  test("that cannot be read is not taken for none", () => {
    expect(stateIn(snapshot({ [statePath(production, ranker)]: "" }), production, ranker)).toMatchObject({ kind: "invalid" });
  });

  test("of another schema version is refused", () => {
    const text = printState(environmentState()).replace("state/v1", "state/v2");
    expect(stateIn(snapshot({ [statePath(production, ranker)]: text }), production, ranker)).toMatchObject({ kind: "invalid" });
  });

  test("files are all found, readable or not, and nothing else is", () => {
    const texts = {
      [statePath(production, ranker)]: printState(environmentState()),
      ".slipway/state/staging/x.yaml": "",
      ".slipway/state/README.md": "",
      [path]: "",
    };
    expect(statesIn(snapshot(texts)).map(({ kind }) => kind)).toEqual(["ok", "invalid"]);
  });
});

group("a hold", () => {
  test("is found by its digest, with its reason", () => {
    expect(holdOn(snapshot({ [path]: printHold(hold) }), production, ranker, better.digest)).toEqual({ path, hold, reason: "recall" });
  });

  test("on another digest does not hold this one", () => {
    expect(holdOn(snapshot({ [path]: printHold(hold) }), production, ranker, digest("d"))).toBeUndefined();
  });

  test("that cannot be read still holds, and says why it cannot", () => {
    const held = holdOn(snapshot({ [path]: "reason: recall\n" }), production, ranker, better.digest);
    expect(held).toMatchObject({ hold: undefined, reason: expect.stringContaining(path) });
  });

  test("is listed for its model and environment only, by its path where it cannot be read", () => {
    const texts = { [path]: printHold(hold), [path.replace("production", "staging")]: printHold(hold), [path.replace("cccc", "dddd")]: "" };
    expect(holdsIn(snapshot(texts), production, ranker)).toEqual({ readable: [hold], unreadable: [path.replace("cccc", "dddd")] });
  });
});

test("an incident that is not recorded, one that is, and one that cannot be read are told apart", () => {
  expect(incidentIn(snapshot({}), releaseNumber)).toBeUndefined();
  const written = incident();
  expect(incidentIn(snapshot({ [incidentPath(releaseNumber)]: printIncident(written) }), releaseNumber)).toEqual({
    kind: "ok",
    value: written,
  });
  expect(incidentIn(snapshot({ [incidentPath(releaseNumber)]: "" }), releaseNumber)).toMatchObject({ kind: "invalid" });
});

test("a freeze file that cannot be read is handed on, since it freezes", () => {
  expect(freezeFilesIn(snapshot({ ".slipway/freezes/peak.yaml": "", ".slipway/freezes/notes.txt": "" }))).toMatchObject([
    { kind: "invalid" },
  ]);
});
