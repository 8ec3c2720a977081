import { describe, expect, it } from "vitest";
import { commandNamed } from "#domain/command/registry.ts";
import { incidentView } from "#domain/incident/incident-view.ts";
import { breachView, rollbackView } from "#domain/incident/rollback-view.ts";
import { version } from "#test/domain/report/judgement-builder.ts";
import { incident, release } from "./breach-builder.ts";

describe("the rollback's text", () => {
  it("names what is restored by the target, which may have changed since the breach", () => {
    const target = version("2026.10.01-1", "9");
    expect(rollbackView(release(), incident(), target).restores).toEqual({ version: "2026.10.01-1", digest: "9".repeat(12) });
  });

  it("names the hold's file, and only a command that exists", () => {
    const { hold } = breachView(release(), incident());
    expect(hold.path).toBe(`.slipway/holds/production/search-ranker/${"c".repeat(64)}.yaml`);
    expect(hold.lift !== null).toBe(commandNamed("unhold") !== undefined);
  });

  it("is the incident's text, with how far the rollback has come", () => {
    expect(incidentView(release(), incident())).toMatchObject({ pullRequest: null, closedAt: null, restores: { version: "2026.11.02-1" } });
  });
});
