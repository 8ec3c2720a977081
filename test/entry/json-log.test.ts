import { expect, it } from "vitest";
import { jsonLog } from "#entry/json-log.ts";

function logged(facts: Readonly<Record<string, unknown>>, secrets: readonly string[] = []): string {
  let text = "";
  jsonLog({ write: (line: string) => (text += line) }, secrets).warn("it happened", facts);
  return text;
}

it("a line of the log is one JSON object, whatever line ends and quotes are in it", () => {
  const text = logged({ error: 'first\nsecond "third"' });
  expect(text.split("\n")).toHaveLength(2);
  expect(JSON.parse(text)).toMatchObject({ level: "warn", event: "it happened", error: 'first\nsecond "third"' });
});

it.each([
  ["an installation's token", "could not push with ghs_16C7e42F292c6912E7710c838347Ae178B4a to main"],
  ["a fine-grained token", "github_pat_11AAAAAAA0abcdefghij_klmnop"],
  ["an OIDC token", "the token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyIn0.c2lnbmF0dXJl did not hold"],
  ["a password in an address", "fatal: https://x-access-token:ghs_abcdefghijkl@github.com/acme/models.git"],
  ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKC\n-----END RSA PRIVATE KEY-----"],
  ["a setting of this installation", "hunter2hunter2hunter2 was not taken"],
])("%s is not printed, even when a message holds one", (_, error) => {
  const text = logged({ error, deeper: { also: [error] } }, ["hunter2hunter2hunter2"]);
  expect(text).toContain("[secret]");
  for (const secret of ["16C7e42F", "11AAAAAAA0", "eyJzdWIi", "ghs_abc", "MIIEpAIB", "hunter2hunter2"]) expect(text).not.toContain(secret);
  expect(() => JSON.parse(text)).not.toThrow();
});
