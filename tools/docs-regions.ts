import { readFileSync } from "node:fs";
import { z } from "zod";
import { commandTable } from "#domain/command/registry.ts";
import { releaseCommands, releaseTableCell, situations } from "#domain/command/release-table.ts";
import { parseYaml } from "#domain/text/parse-yaml.ts";
import { environmentSchema } from "#entry/settings.ts";
import { code, table } from "./markdown.ts";
import { judgedMetricTable, metricDetails, metricTable, operationalMetricTable, presetTable, rowMetricTable } from "./metrics-docs.ts";
import { preflightGroups } from "./preflight-checks.ts";

/** What the code says and the docs show, by the name of the region. */
export const docsRegions: ReadonlyMap<string, () => string> = new Map([
  ["commands", commands],
  ["releasetable", releaseTable],
  ["metrics", metricTable],
  ["metricdetails", metricDetails],
  ["presets", presetTable],
  ["classificationmetrics", () => rowMetricTable("classification")],
  ["regressionmetrics", () => rowMetricTable("regression")],
  ["banditmetrics", () => rowMetricTable("bandit")],
  ["judgedmetrics", judgedMetricTable],
  ["operationalmetrics", operationalMetricTable],
  ["preflight", preflight],
  ["permissions", permissions],
  ["settings", settings],
]);

function commands(): string {
  const rows = commandTable().map(({ usage, summary, role, examples }) => [
    code(usage),
    summary,
    role === null ? "everyone who may comment" : `the role ${code(role)}`,
    code(examples.at(-1) ?? ""),
  ]);
  return table(["command", "what it does", "who may", "for example"], rows);
}

/** A cell is the step of the commit that is made, or the reason for the refusal. */
function releaseTable(): string {
  const columns = releaseCommands.filter((name) => name !== "promote");
  const rows = situations.map(([name, situation]) => [
    name,
    ...columns.map((typed) => {
      const cell = releaseTableCell(typed, situation);
      return cell.kind === "done" ? `✅ ${cell.step}` : code(cell.code);
    }),
  ]);
  return table(["the release", ...columns.map(code)], rows);
}

function preflight(): string {
  return preflightGroups
    .map(({ title, checks }) => {
      const rows = checks.map((check) => [code(check.code), check.verdicts.map(code).join(" or "), check.when]);
      return `## ${title}\n\n${table(["code", "verdict", "when"], rows)}`;
    })
    .join("\n\n");
}

const manifestSchema = z.object({
  default_permissions: z.record(z.string(), z.string()),
  default_events: z.array(z.string()),
});

/** `app.yml` says why above each line; that comment is the table's last column. */
function permissions(): string {
  const text = readFileSync("app.yml", "utf8");
  const manifest = manifestSchema.parse(parseYaml(text, "app.yml").value);
  const why = (line: string): string => {
    const lines = text.split("\n").map((each) => each.trim());
    const comment = lines[lines.indexOf(line) - 1] ?? "";
    if (!comment.startsWith("# ")) throw new Error(`app.yml does not say why it has the line "${line}"`);
    return comment.slice(2);
  };
  const asked = Object.entries(manifest.default_permissions).map(([name, level]) => [code(name), level, why(`${name}: ${level}`)]);
  const events = manifest.default_events.map((name) => [code(name), why(`- ${name}`)]);
  return `${table(["permission", "level", "why"], asked)}\n\n${table(["event", "why"], events)}`;
}

function settings(): string {
  const rows = Object.entries(environmentSchema.shape).map(([name, schema]) => {
    const absent = schema.safeParse(undefined);
    const fallback = absent.success ? (absent.data === undefined ? "" : code(String(absent.data))) : "**required**";
    if (schema.description === undefined) throw new Error(`src/entry/settings.ts does not describe ${name}`);
    return [code(name), fallback, schema.description];
  });
  return table(["setting", "default", "meaning"], rows);
}
