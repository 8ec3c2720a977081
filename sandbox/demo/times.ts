import { z } from "zod";
import { eventually } from "#sandbox/stage/eventually.ts";
import type { Serving } from "#sandbox/stage/serving.ts";
import type { Stage } from "#sandbox/stage/stage.ts";
import { loadYaml } from "./load-yaml.ts";

/** Moments of a breach, in epoch milliseconds. */
export interface BreachTimes {
  readonly firstBadRequest: number;
  readonly breachDecided: number;
  readonly weightBackInGit: number;
  readonly trafficBack: number;
  readonly pullRequestOpen: number;
  readonly merged: number;
}

const incidentSchema = z.looseObject({ timeline: z.array(z.looseObject({ at: z.coerce.string(), what: z.string() })) });
const pullSchema = z.looseObject({ created_at: z.string(), merged_at: z.string().nullable() });

/** Reads the moments where they were really recorded: the incident, the App's log, the router, and GitHub. */
export async function breachTimes(stage: Stage, serving: Serving, digest: string, pullRequest: number): Promise<BreachTimes> {
  const environments = await stage.look();
  const path = (await environments.git("ls-files", ".slipway/incidents/")).split("\n").at(-1) ?? "";
  const { timeline } = incidentSchema.parse(loadYaml(await environments.read(path)));
  const at = (words: string): number => {
    const entry = timeline.find(({ what }) => what.includes(words));
    if (entry === undefined) throw new Error(`${path} has no "${words}" in its timeline`);
    return Date.parse(entry.at);
  };
  const pull = pullSchema.parse(await stage.people.petra.pullRequest("acme/environments", pullRequest));
  const decided = at("breach decided");
  return {
    firstBadRequest: at("first request"),
    breachDecided: decided,
    weightBackInGit: landedAt(stage, decided),
    trafficBack: await eventually("the router to give the candidate nothing", async () => serving.routedAt(digest, 0, decided)),
    pullRequestOpen: Date.parse(pull.created_at),
    merged: Date.parse(pull.merged_at ?? ""),
  };
}

/** When the App's push had landed, by the App's own log. */
function landedAt(stage: Stage, since: number): number {
  const line = stage.app?.lines().find((entry) => entry["kind"] === "stop" && Date.parse(String(entry["time"])) >= since);
  if (line === undefined) throw new Error("the App's log does not tell when it stopped the release");
  return Date.parse(String(line["time"]));
}

/** One line a moment, with the time since the one before and since the first. */
export function printTimes(times: BreachTimes): string {
  const names = {
    firstBadRequest: "first bad request",
    breachDecided: "breach decided",
    weightBackInGit: "weight back in Git",
    trafficBack: "traffic back",
    pullRequestOpen: "pull request open",
    merged: "merged",
  } as const satisfies Record<keyof BreachTimes, string>;
  const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;
  return Object.entries(times)
    .toSorted(([, a], [, b]) => a - b)
    .map(([name, time], index, all) => {
      const before = all[index - 1]?.[1] ?? time;
      const word = names[name as keyof BreachTimes];
      return `${new Date(time).toISOString().slice(11, 23)}  ${word.padEnd(20)} + ${seconds(time - before).padStart(8)}   (${seconds(time - times.firstBadRequest)} after the first bad request)`;
    })
    .join("\n");
}
