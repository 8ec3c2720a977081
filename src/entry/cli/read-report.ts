import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseReport, type Report } from "#domain/evaluation/report.ts";
import { terminalText } from "./terminal-text.ts";
import type { Io } from "./verb.ts";

/** undefined: it cannot be read, and that was said. */
export async function readReport(file: string, io: Io): Promise<Report | undefined> {
  const refused = (reason: string): undefined => {
    io.note(`${terminalText(`${file} is not read: ${reason}`)}\n`);
    return undefined;
  };
  let document: string;
  try {
    document = await readFile(resolve(io.workingFolder, file), "utf8");
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error));
  }
  const parsed = parseReport(document);
  return parsed.kind === "report" ? parsed.report : refused(parsed.message);
}
