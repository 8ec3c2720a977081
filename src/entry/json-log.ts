import type { Log } from "#ports/log.ts";

/** Tokens of GitHub and of OIDC, keys, and passwords in addresses: no line should hold one, and none may leave when a line does. */
const secretForms =
  /\b(?:gh[a-z]_|github_pat_|eyJ)[\w.-]{8,}|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)|(?<=:\/\/)[^\s/@]+@/g;

/**
 * One JSON object a line.
 * @param secrets texts of this installation that must never be printed, whatever form they have
 */
export function jsonLog(stream: { write(text: string): unknown }, secrets: readonly string[] = []): Log {
  const clean = (text: string): string =>
    secrets.reduce((all, secret) => all.replaceAll(secret, "[secret]"), text).replaceAll(secretForms, "[secret]");
  const print = (level: "info" | "warn") => (event: string, facts: Readonly<Record<string, unknown>>) => {
    const line = { time: new Date().toISOString(), level, event, ...facts };
    stream.write(`${JSON.stringify(line, (_, value: unknown) => (typeof value === "string" ? clean(value) : value))}\n`);
  };
  return { info: print("info"), warn: print("warn") };
}
