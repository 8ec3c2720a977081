import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runEntry } from "#test/support/run-entry.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-policy-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const policy = `apiVersion: slipway/v1
kind: Policy
models: {ranker: {repository: acme/models, id: 1}}
environments: [{name: staging, from: pull-request}, {name: production, after: staging}]
roles: {deployer: {users: [dana]}}
freezes: [{name: peak, calendar: .slipway/calendars/peak.ics, timeZone: UTC, environments: [production]}]
`;
const calendar = [
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "PRODID:-//a//EN",
  "BEGIN:VEVENT",
  "UID:1",
  "DTSTART;VALUE=DATE:20261127",
  "DTEND;VALUE=DATE:20261201",
  "END:VEVENT",
  "END:VCALENDAR",
  "",
].join("\r\n");

const cases = (expected: string) => `apiVersion: slipway/v1
kind: PolicyTest
tests:
  - name: dana ships to production when staging has verified it
    who: {login: dana}
    does: {command: deploy, environment: production}
    at: 2026-11-25T12:00:00Z
    given: {verified: {staging: 1h}}
    expect: allowed
  - name: nobody ships on Black Friday
    who: {login: dana}
    does: {command: deploy, environment: production}
    at: 2026-11-27T12:00:00Z
    given: {verified: {staging: 1h}}
    expect: ${expected}
`;

const run = (...args: readonly string[]) => runEntry("cli", ["policy", ...args], { folder });

describe("slipway policy", () => {
  beforeEach(() => {
    write(".slipway/policy.yaml", policy);
    write(".slipway/calendars/peak.ics", calendar);
  });

  it("runs the tests that stand beside a policy", async () => {
    write(".slipway/policy.test.yaml", cases("{refused: frozen}"));
    expect(await run("test")).toEqual({
      code: 0,
      stdout: "ok    dana ships to production when staging has verified it\nok    nobody ships on Black Friday\n\n2 as expected, 0 not\n",
      stderr: "",
    });
  });

  it("fails when the policy answers another thing than its authors expect, and says what", async () => {
    write(".slipway/policy.test.yaml", cases("allowed"));
    const { code, stdout } = await run("test");
    expect(code).toBe(1);
    expect(stdout).toContain(
      "FAIL  nobody ships on Black Friday: expected allowed, found refused (frozen): The freeze peak lasts until 2026-12-01T00:00 UTC",
    );
  });

  it.each([
    ["a test that is not written as one", "tests: []", ".slipway/policy.test.yaml:"],
    ["no tests", undefined, ".slipway/policy.test.yaml:1:1 there is no such file"],
  ])("says where %s", async (_, text, message) => {
    if (text !== undefined) write(".slipway/policy.test.yaml", text);
    const { code, stdout } = await run("test");
    expect(code).toBe(1);
    expect(stdout).toContain(message);
  });

  it("explains who may do what, and why not", async () => {
    const refused = await run("explain", "deploy", "production", "--as", "eve", "--at", "2026-11-25T12:00:00Z");
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain("eve, deploy in production, at 2026-11-25T12:00:00Z: refused (not-a-deployer)");
    expect(refused.stdout).toContain("- who may: dana");
    expect(refused.stdout).toContain("- verified before in staging");
    expect((await run("explain", "deploy", "staging", "--as", "dana", "--at", "2026-11-25T12:00:00Z")).code).toBe(0);
  });

  it.each([
    [["explain", "deply", "production"], "did you mean deploy?"],
    [["explain", "deploy", "prod"], "no environment prod"],
    [["explain", "deploy"], "slipway policy is followed by"],
    [["explain", "deploy", "production", "--at", "tomorrow"], "--at"],
  ])("says what is wrong with %j", async (args, message) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(64);
    expect(stderr).toContain(message);
  });
});
