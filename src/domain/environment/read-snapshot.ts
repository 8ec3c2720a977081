import { type Approval, parseApprovals } from "#domain/environment/approval.ts";
import { type Hold, parseHold } from "#domain/environment/hold.ts";
import { type Lock, parseLock } from "#domain/environment/lock.ts";
import { type Override, parseOverrides } from "#domain/environment/override.ts";
import {
  approvalsPath,
  freezesFolder,
  holdPath,
  holdsFolder,
  incidentPath,
  lockPath,
  locksFolder,
  overridesPath,
  policyPath,
  stateFolder,
  statePath,
} from "#domain/environment/paths.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import { type EnvironmentState, parseState } from "#domain/environment/state.ts";
import { type Incident, parseIncident } from "#domain/incident/incident.ts";
import type { Digest, EnvironmentName, ModelName } from "#domain/model/names.ts";
import { type FreezeFile, parseFreezeFile } from "#domain/policy/freeze-file.ts";
import { type Policy, policySchema } from "#domain/policy/policy.ts";
import { checkPolicy } from "#domain/policy/policy-rules.ts";
import { parseWithSchema, type SchemaResult } from "#domain/text/parse-with-schema.ts";
import { type Problem, printProblem } from "#domain/text/problem.ts";

/** The policy of a snapshot; a missing file and every error of a written one are problems. */
export function policyIn(snapshot: EnvironmentsSnapshot): SchemaResult<Policy> {
  const text = snapshot.texts.get(policyPath);
  if (text === undefined) return { kind: "invalid", problems: [missing(policyPath)] };
  const parsed = parseWithSchema(policySchema, text, policyPath);
  if (parsed.kind === "invalid") return parsed;
  const problems = checkPolicy(parsed.value, text, policyPath);
  return problems.length === 0 ? parsed : { kind: "invalid", problems };
}

/** The state of a model in an environment: undefined when Slipway has never had it there; unreadable is never taken for empty. */
export function stateIn(
  snapshot: EnvironmentsSnapshot,
  environment: EnvironmentName,
  model: ModelName,
): SchemaResult<EnvironmentState> | undefined {
  const path = statePath(environment, model);
  const text = snapshot.texts.get(path);
  return text === undefined ? undefined : parseState(text, path);
}

/** Every state file of the snapshot. */
export function statesIn(snapshot: EnvironmentsSnapshot): readonly SchemaResult<EnvironmentState>[] {
  return below(snapshot, stateFolder).map(([path, text]) => parseState(text, path));
}

/** The hold on a digest. A hold file that cannot be read still holds. */
export function holdOn(snapshot: EnvironmentsSnapshot, environment: EnvironmentName, model: ModelName, digest: Digest): HeldBy | undefined {
  const path = holdPath(environment, model, digest);
  const text = snapshot.texts.get(path);
  if (text === undefined) return undefined;
  const parsed = parseHold(text, path);
  return parsed.kind === "ok"
    ? { path, hold: parsed.value, reason: parsed.value.reason }
    : { path, hold: undefined, reason: describe(parsed.problems) };
}

export interface HeldBy {
  readonly path: string;
  /** undefined when the file cannot be read. */
  readonly hold: Hold | undefined;
  readonly reason: string;
}

/** Every hold of a model in an environment, and the paths of those that cannot be read, which hold as well. */
export function holdsIn(
  snapshot: EnvironmentsSnapshot,
  environment: EnvironmentName,
  model: ModelName,
): { readonly readable: readonly Hold[]; readonly unreadable: readonly string[] } {
  const read = below(snapshot, `${holdsFolder}${environment}/${model}/`).map(([path, text]) => ({ path, parsed: parseHold(text, path) }));
  return {
    readable: read.flatMap(({ parsed }) => (parsed.kind === "ok" ? [parsed.value] : [])),
    unreadable: read.flatMap(({ path, parsed }) => (parsed.kind === "ok" ? [] : [path])),
  };
}

/** Who agreed to what is to be released there; a file that cannot be read approves nothing. */
export function approvalsIn(snapshot: EnvironmentsSnapshot, environment: EnvironmentName, model: ModelName): readonly Approval[] {
  const path = approvalsPath(environment, model);
  const text = snapshot.texts.get(path);
  const parsed = text === undefined ? undefined : parseApprovals(text, path);
  return parsed?.kind === "ok" && parsed.value.environment === environment && parsed.value.model === model ? parsed.value.approvals : [];
}

/** What people set aside for a version; a file that cannot be read sets nothing aside. */
export function overridesOf(snapshot: EnvironmentsSnapshot, model: ModelName, digest: Digest): readonly Override[] {
  const path = overridesPath(model, digest);
  const text = snapshot.texts.get(path);
  const parsed = text === undefined ? undefined : parseOverrides(text, path);
  return parsed?.kind === "ok" && parsed.value.model === model && parsed.value.digest === digest ? parsed.value.overrides : [];
}

/** The freezes set by command. */
export function freezeFilesIn(snapshot: EnvironmentsSnapshot): readonly SchemaResult<FreezeFile>[] {
  return below(snapshot, freezesFolder).map(([path, text]) => parseFreezeFile(text, path));
}

/** A person's lock. A lock file that cannot be read still locks. */
export function lockIn(snapshot: EnvironmentsSnapshot, environment: EnvironmentName, model: ModelName): SchemaResult<Lock> | undefined {
  const path = lockPath(environment, model);
  const text = snapshot.texts.get(path);
  return text === undefined ? undefined : parseLock(text, path);
}

/** Every lock that can be read. */
export function locksIn(snapshot: EnvironmentsSnapshot): readonly Lock[] {
  return below(snapshot, locksFolder).flatMap(([path, text]) => {
    const parsed = parseLock(text, path);
    return parsed.kind === "ok" ? [parsed.value] : [];
  });
}

export function incidentIn(snapshot: EnvironmentsSnapshot, id: string): SchemaResult<Incident> | undefined {
  const path = incidentPath(id);
  const text = snapshot.texts.get(path);
  return text === undefined ? undefined : parseIncident(text, path);
}

/** Problems as one line for people. */
export function describe(problems: readonly Problem[]): string {
  return problems.map(printProblem).join("; ");
}

function below(snapshot: EnvironmentsSnapshot, folder: string): readonly (readonly [string, string])[] {
  return [...snapshot.texts].filter(([path]) => path.startsWith(folder) && path.endsWith(".yaml"));
}

function missing(file: string): Problem {
  return { file, line: 1, column: 1, path: [], message: "there is no such file on the default branch of the environments repository" };
}
