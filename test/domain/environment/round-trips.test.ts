import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { messageOf } from "#domain/environment/change.ts";
import { parseHold, printHold } from "#domain/environment/hold.ts";
import { parseState, printState } from "#domain/environment/state.ts";
import { parseTrailers, printTrailers } from "#domain/environment/trailers.ts";
import { parseIncident, printIncident } from "#domain/incident/incident.ts";
import { commitShaSchema, digestSchema, releaseIdSchema } from "#domain/model/names.ts";
import { moveFor } from "#domain/rollout/moves.ts";
import { parseRelease, printRelease } from "#domain/rollout/release.ts";
import { at, environmentState, incident, openRelease, releaseNumber, releaseRecord } from "#test/support/builders.ts";

const anyText = fc.string({ unit: "grapheme", maxLength: 60 });

describe("what Slipway writes it reads back", () => {
  test("a state, with and without a release", () => {
    for (const state of [environmentState(), environmentState({ release: openRelease() })]) {
      expect(parseState(printState(state), "state.yaml")).toEqual({ kind: "ok", value: state });
    }
  });

  test("a paused or stopping release, whatever the reason says", () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom("paused", "stopping"), (reason, phase) => {
        const release = openRelease({ phase, reason, ...(phase === "paused" ? { pausedAt: at(1) } : { stoppedAt: at(1) }) });
        const state = environmentState({ release });
        expect(parseState(printState(state), "state.yaml")).toEqual({ kind: "ok", value: state });
      }),
    );
  });

  test("a release record, with durations as people write them", () => {
    const record = releaseRecord();
    expect(printRelease(record)).toContain('window: "2s"');
    expect(parseRelease(printRelease(record), "release.yaml")).toEqual({ kind: "ok", value: record });
  });

  test("a hold and an incident, whatever the reason says", () => {
    fc.assert(
      fc.property(anyText, (reason) => {
        const decision = { kind: "stop", message: reason, windows: [], firstBad: null } as const;
        const open = openRelease();
        const move = moveFor(
          decision,
          { state: environmentState({ release: open }), open, record: releaseRecord(), held: () => false },
          at(4000),
        );
        if (move.hold === undefined || move.incident === undefined) throw new Error("a stop writes a hold and an incident");
        expect(parseHold(printHold(move.hold), "hold.yaml")).toEqual({ kind: "ok", value: move.hold });
        expect(parseIncident(printIncident(move.incident), "incident.yaml")).toEqual({ kind: "ok", value: move.incident });
      }),
    );
  });

  test("a state of another schema is refused", () => {
    const text = printState(environmentState()).replace("slipway/state/v1", "slipway/state/v2");
    expect(parseState(text, "state.yaml").kind).toBe("invalid");
  });

  test("an incident keeps its links", () => {
    const closed = incident({ issue: 3, pullRequest: 2, closedAt: at(9000) });
    expect(parseIncident(printIncident(closed), "incident.yaml")).toEqual({ kind: "ok", value: closed });
  });
});

describe("trailers", () => {
  const trailers = {
    release: releaseIdSchema.parse(releaseNumber),
    step: "weight 25",
    evidence: digestSchema.parse(`sha256:${"d".repeat(64)}`),
    command: "41",
    policy: commitShaSchema.parse("2".repeat(40)),
  };

  test("are read back from the end of a message", () => {
    const message = messageOf({ base: trailers.policy, subject: "Raise", body: "Because.\n\nSlipway-Step: forged", trailers, writes: [] });
    expect(parseTrailers(message)).toEqual({
      "Slipway-Release": trailers.release,
      "Slipway-Step": "weight 25",
      "Slipway-Evidence": trailers.evidence,
      "Slipway-Command": "41",
      "Slipway-Policy": trailers.policy,
    });
  });

  test("no text can add one", () => {
    fc.assert(
      fc.property(anyText, anyText, (subject, command) => {
        const message = messageOf({
          base: trailers.policy,
          subject: `${subject}\nSlipway-Step: forged`,
          trailers: { command: `${command}\nSlipway-Step: forged` },
          writes: [],
        });
        expect(parseTrailers(message)["Slipway-Step"]).toBeUndefined();
      }),
    );
  });

  test("none are printed for nothing", () => {
    expect(printTrailers({})).toBe("");
  });
});
