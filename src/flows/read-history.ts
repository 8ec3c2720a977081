import type { History } from "#domain/audit/history.ts";
import { incidentsFolder } from "#domain/environment/paths.ts";
import { describe } from "#domain/environment/read-snapshot.ts";
import { type Incident, parseIncident } from "#domain/incident/incident.ts";
import { parseRelease, type ReleaseRecord } from "#domain/rollout/release.ts";
import type { Chronicle } from "#ports/chronicle.ts";

/** The history of an environments repository from a clone alone. What cannot be read is said, not passed over. */
export async function readHistory(chronicle: Chronicle): Promise<History> {
  const { head, commits, records } = await chronicle.read();
  const releases: ReleaseRecord[] = [];
  const incidents: Incident[] = [];
  const problems: string[] = [];
  for (const [path, text] of records) {
    if (!path.endsWith(".yaml")) continue;
    const parsed = path.startsWith(incidentsFolder) ? parseIncident(text, path) : parseRelease(text, path);
    if (parsed.kind === "invalid") problems.push(`${path} cannot be read: ${describe(parsed.problems)}.`);
    else if (parsed.value.schema === "slipway/incident/v1") incidents.push(parsed.value);
    else releases.push(parsed.value);
  }
  return { head, commits, releases, incidents, problems };
}
