import type { CommitSha, Digest, ReleaseId } from "#domain/model/names.ts";

/** What each commit of Slipway says about itself, so that `git log` alone answers who, what and why. */
export interface Trailers {
  readonly release?: ReleaseId;
  /** `start`, `weight 25`, `live 25`, `verified`, `stop`, `roll back`, … */
  readonly step?: string;
  /** The digest of the report on which the release rests. */
  readonly evidence?: Digest;
  /** The comment that asked for it, or `adopt <env> by <login>`. */
  readonly command?: string;
  /** The commit whose policy was applied. */
  readonly policy?: CommitSha;
}

const keys = {
  release: "Slipway-Release",
  step: "Slipway-Step",
  evidence: "Slipway-Evidence",
  command: "Slipway-Command",
  policy: "Slipway-Policy",
} as const satisfies Record<keyof Trailers, string>;

export type TrailerKey = (typeof keys)[keyof typeof keys];

/** @returns the trailer block, one `Key: value` a line */
export function printTrailers(trailers: Trailers): string {
  return names()
    .flatMap((name) => (trailers[name] === undefined ? [] : [`${keys[name]}: ${oneLine(trailers[name])}`]))
    .join("\n");
}

/** Reads the trailers out of the last paragraph of a commit message; keys that Slipway does not know are passed over. */
export function parseTrailers(message: string): Readonly<Record<TrailerKey, string | undefined>> {
  const lines = message.trimEnd().split(/\n\n+/).at(-1)?.split("\n") ?? [];
  const value = (key: TrailerKey) => lines.find((line) => line.startsWith(`${key}: `))?.slice(key.length + 2);
  return {
    "Slipway-Release": value("Slipway-Release"),
    "Slipway-Step": value("Slipway-Step"),
    "Slipway-Evidence": value("Slipway-Evidence"),
    "Slipway-Command": value("Slipway-Command"),
    "Slipway-Policy": value("Slipway-Policy"),
  };
}

function names(): readonly (keyof Trailers)[] {
  return ["release", "step", "evidence", "command", "policy"];
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, " ");
}
