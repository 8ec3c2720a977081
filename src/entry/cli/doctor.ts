import { checkNames, type Finding } from "#domain/health/finding.ts";
import { examineInstallation } from "#entry/operations/examine-installation.ts";
import { terminalText } from "./terminal-text.ts";
import { exitCodes, jsonOption, type Verb, WrongUsage } from "./verb.ts";

export const doctor: Verb = {
  words: "",
  options: { json: jsonOption },
  notes: [
    "Reads the App's own settings (SLIPWAY_…) from the environment: run it where the App runs, or in its container. It writes nothing, and works beside a running App.",
    "Exit codes: 0 all is well; 1 there is a problem; 64 wrong usage.",
  ],
  examples: ["slipway doctor", "slipway doctor --json"],
  async run(given, io) {
    if (given.positionals.length > 0)
      throw new WrongUsage("slipway doctor takes no words; it examines the App of the settings in the environment");
    const findings = await examineInstallation(io.environment);
    const well = findings.every(({ kind }) => kind === "ok");
    io.out(
      given.flag("json")
        ? `${JSON.stringify({ schema: "slipway/doctor/v1", well, findings }, null, 2)}\n`
        : `${findings.map(lineOf).join("\n")}\n`,
    );
    return well ? exitCodes.done : exitCodes.refused;
  },
};

const width = Math.max(...checkNames.map((name) => name.length));

function lineOf(finding: Finding): string {
  const next = finding.kind === "problem" ? `. ${finding.next}` : "";
  return terminalText(`${finding.kind.padEnd("problem".length)}  ${finding.check.padEnd(width)}  ${finding.message}${next}`);
}
