import { type Digest, type EnvironmentName, hexOf, type ModelName, type ReleaseId } from "#domain/model/names.ts";

/** Where everything lies in the environments repository: the only place that spells these paths. */
export const policyPath = ".slipway/policy.yaml";
export const templatesFolder = ".slipway/templates/";
export const stateFolder = ".slipway/state/";
export const freezesFolder = ".slipway/freezes/";
export const recordsFolder = ".slipway/releases/";
export const holdsFolder = ".slipway/holds/";
export const locksFolder = ".slipway/locks/";
export const evidenceFolder = ".slipway/evidence/";
export const incidentsFolder = ".slipway/incidents/";

export function manifestsFolder(environment: EnvironmentName, model: ModelName): string {
  return `environments/${environment}/${model}/`;
}

export function statePath(environment: EnvironmentName, model: ModelName): string {
  return `${stateFolder}${environment}/${model}.yaml`;
}

/** Where the records of an environment lie, of all its models. */
export function releasesFolder(environment: EnvironmentName): string {
  return `${recordsFolder}${environment}/`;
}

export function releasePath(environment: EnvironmentName, model: ModelName, id: ReleaseId): string {
  return `${releasesFolder(environment)}${model}/${id}.yaml`;
}

export function holdPath(environment: EnvironmentName, model: ModelName, digest: Digest): string {
  return `${holdsFolder}${environment}/${model}/${hexOf(digest)}.yaml`;
}

/** Who agreed to what is to be released. */
export function approvalsPath(environment: EnvironmentName, model: ModelName): string {
  return `.slipway/approvals/${environment}/${model}.yaml`;
}

/** What people set aside for one version. */
export function overridesPath(model: ModelName, digest: Digest): string {
  return `.slipway/overrides/${model}/${hexOf(digest)}.yaml`;
}

export function incidentPath(id: string): string {
  return `${incidentsFolder}${id}.yaml`;
}

export function evidencePath(model: ModelName, report: Digest): string {
  return `${evidenceFolder}${model}/${hexOf(report)}.json`;
}

/** The branch of a release's rollback pull request: one per release and attempt, so it cannot be doubled. */
export function rollbackBranch(id: ReleaseId, attempt = 1): string {
  return attempt === 1 ? `slipway/rollback/${id}` : `slipway/rollback/${id}-${attempt}`;
}

/** The branch of the pull request that takes a model's route away: one for each live version. */
export function removalBranch(environment: EnvironmentName, model: ModelName, live: Digest): string {
  return `slipway/remove-route/${environment}/${model}-${hexOf(live).slice(0, 12)}`;
}

export function lockPath(environment: EnvironmentName, model: ModelName): string {
  return `${locksFolder}${environment}/${model}.yaml`;
}

export function freezePath(name: string): string {
  return `${freezesFolder}${name}.yaml`;
}

/** Below it lie the evidence logs of all pull requests. */
export const evidenceRefs = "refs/slipway/evidence/";

/** The ref of a pull request's evidence log. */
export function evidenceRef(repositoryId: number, pullRequest: number): string {
  return `${evidenceRefs}${repositoryId}/${pullRequest}`;
}

/** The branch to which `slipway archive` moves what has ended; records keep their paths there. */
export const archiveBranch = "slipway/archive";

/** Where an evidence log lies on that branch, run by run as in its ref. */
export function archivedLogFolder(repositoryId: number, pullRequest: number): string {
  return `evidence-log/${repositoryId}/${pullRequest}/`;
}
