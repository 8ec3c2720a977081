import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** The folder of this checkout or package: its templates lie there. */
export const productFolder = fileURLToPath(new URL("../..", import.meta.url));

/** `0.1.0` */
export function productVersion(): string {
  const description: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return z.object({ version: z.string() }).parse(description).version;
}
