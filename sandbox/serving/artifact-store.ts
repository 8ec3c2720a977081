import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "#sandbox/rankers/ranker-artifact.ts";

/** The file in a folder whose bytes have this digest, whatever its name says. */
export function findArtifact(folder: string, digest: string): string | undefined {
  const paths = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(folder, name));
  return paths.find((path) => digestOf(readFileSync(path)) === digest);
}

/** Copies an artifact to `<folder>/<64 hexadecimal digits>.json` and returns its digest. */
export function publishArtifact(path: string, folder: string): string {
  const digest = digestOf(readFileSync(path));
  mkdirSync(folder, { recursive: true });
  copyFileSync(path, join(folder, `${digest.replace("sha256:", "")}.json`));
  return digest;
}
