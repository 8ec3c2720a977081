import { describe, expect, test } from "vitest";
import { readSettings } from "#entry/settings.ts";

/** Probot boots with the secret "development"; anyone can then sign a webhook. */
describe("a webhook secret", () => {
  test.each([
    ["", "the secret of the App's webhook"],
    ["development", "a secret that everyone knows is none"],
    ["short", "at least 16 characters"],
  ])("%j is refused at the start, and not repeated", (secret, reason) => {
    const problem = (): unknown => {
      try {
        readSettings({ SLIPWAY_WEBHOOK_SECRET: secret });
        return "started";
      } catch (error) {
        return error instanceof Error ? error.message : error;
      }
    };
    expect(problem()).toMatch(/SLIPWAY_WEBHOOK_SECRET/);
    expect(problem()).toContain(reason);
    if (secret !== "") expect(String(problem()).replaceAll("SLIPWAY_WEBHOOK_SECRET", "")).not.toContain(`"${secret}"`);
  });
});
