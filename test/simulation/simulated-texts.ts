import { manifestsFolder, policyPath, statePath } from "#domain/environment/paths.ts";
import { printState } from "#domain/environment/state.ts";
import { blobIdOf } from "#domain/manifest/blob-id.ts";
import { manifestViews } from "#domain/manifest/manifests.ts";
import { type EnvironmentName, environmentNameSchema, type VersionRef } from "#domain/model/names.ts";
import { templates } from "#test/adapters/templates/shipped-templates.ts";
import { environmentState, start } from "#test/support/builders.ts";
import { gatewayRollout } from "#test/support/rollouts.ts";
import { better, liveVersion, modelText, policyText, production, ranker, version } from "#test/support/world-texts.ts";
import type { Setting } from "./step.ts";

const staging = environmentNameSchema.parse("staging");
/** Verified before the live one: what a rollback goes back to when the live one is held. */
export const olderVersion = version("2026.10.12-1", "9");
export const candidates = [better, version("2026.11.21-1", "d"), version("2026.11.22-1", "e")] as const;
export const everyVersion = [liveVersion, olderVersion, ...candidates] as const;

/** The model in the simulation: of its two gates a worse candidate fails the first and passes the second, so that setting one aside leaves something to judge. */
export function definitionText(of: VersionRef = liveVersion): string {
  return modelText(of, {
    gates: [
      { metric: "ndcg@10", noWorseThan: "2%" },
      { id: "least", metric: "ndcg@10", atLeast: 0.1 },
    ],
  });
}

export function environmentsOf({ environments }: Setting): readonly EnvironmentName[] {
  return environments === "one" ? [production] : [staging, production];
}

/** What a policy of the simulation says, so that nothing has to be read out of it by the code under test. */
export interface WrittenPolicy {
  readonly text: string;
  readonly readable: boolean;
  readonly deployers: readonly string[];
  readonly merges: boolean;
  /** Whether the policy itself freezes all environments at all times of a history. */
  readonly freezes: boolean;
  /** Whether only what is merged may be released, and a merge does it by itself. */
  readonly onMerge: boolean;
  /** How many approvals the last environment asks for. */
  readonly approvals: number;
  /** How many people set a gate aside; 0: nobody can. */
  readonly overrides: number;
  readonly approvers: readonly string[];
}

/** What to call the policies that people write, in their order. */
export const policyNames = ["plain", "proposes", "unreadable", "others deploy", "frozen", "asks for approvals", "releases merges"] as const;

/** The policies that people write. */
export function policiesOf(setting: Setting): readonly [WrittenPolicy, ...WrittenPolicy[]] {
  const known = policies.get(setting.environments);
  if (known !== undefined) return known;
  const names = environmentsOf(setting);
  const environmentsWith = (rollback: "merge" | "propose", more: { readonly onMerge?: true; readonly approvals?: object } = {}) =>
    names.map((name, index) => ({
      name,
      rollback,
      namespace: "models",
      ...(more.onMerge ? { from: "merged", onMerge: true } : { from: "pull-request" }),
      ...(index > 0 && { after: names.slice(0, index) }),
      ...(index === names.length - 1 && more.approvals !== undefined && { approvals: more.approvals }),
    }));
  const plain = {
    readable: true,
    deployers: ["lee"],
    merges: true,
    freezes: false,
    onMerge: false,
    approvals: 0,
    overrides: 0,
    approvers: ["amy"],
  };
  const roles = { approver: { users: ["amy"] }, holder: { users: ["hal"] } };
  const always = { name: "peak", from: "2026-11-01T00:00", to: "2026-12-01T00:00", timeZone: "UTC" };
  const written = [
    { ...plain, text: policyText({ environments: environmentsWith("merge") }) },
    { ...plain, merges: false, text: policyText({ environments: environmentsWith("propose") }) },
    { ...plain, readable: false, text: "kind: Policies\n" },
    {
      ...plain,
      deployers: ["amy"],
      text: policyText({ environments: environmentsWith("merge"), roles: { ...roles, deployer: { users: ["amy"] } } }),
    },
    { ...plain, freezes: true, text: policyText({ environments: environmentsWith("merge"), freezes: [always] }) },
    {
      ...plain,
      approvals: 2,
      overrides: 2,
      approvers: ["amy", "hal"],
      text: policyText({
        environments: environmentsWith("merge", { approvals: { people: 2 } }),
        roles: { ...roles, deployer: { users: ["lee"] }, approver: { users: ["amy", "hal"] } },
        overrides: { people: 2 },
      }),
    },
    { ...plain, onMerge: true, text: policyText({ environments: environmentsWith("merge", { onMerge: true }) }) },
  ] as const;
  policies.set(setting.environments, written);
  return written;
}

const policies = new Map<Setting["environments"], readonly [WrittenPolicy, ...WrittenPolicy[]]>();

/** The files of an environments repository in which people have adopted the live version everywhere, and an older one before it. */
export function firstFiles(setting: Setting): Readonly<Record<string, string>> {
  const served = environmentsOf(setting).map((environment) => servedIn(environment, liveVersion));
  const policies = policiesOf(setting);
  const policy = policies[setting.policy] ?? policies[0];
  return { [policyPath]: policy.text, ...Object.assign({}, ...served) };
}

/** The state files that adopting writes. */
export function firstStates(setting: Setting): Readonly<Record<string, string>> {
  const known = states.get(setting.environments) ?? adoptedStates(setting);
  states.set(setting.environments, known);
  return known;
}

const states = new Map<Setting["environments"], Readonly<Record<string, string>>>();

function adoptedStates(setting: Setting): Readonly<Record<string, string>> {
  return Object.fromEntries(
    environmentsOf(setting).map((environment) => {
      const verified = [liveVersion, olderVersion].map((one) => ({
        ...one,
        release: null,
        at: start,
        files: Object.fromEntries(Object.entries(servedIn(environment, one)).map(([path, text]) => [path, blobIdOf(text)])),
      }));
      const state = environmentState({ environment, live: { ...liveVersion, since: start }, verified });
      return [statePath(environment, ranker), printState(state)];
    }),
  );
}

/** The manifests that serve one version alone. */
export function servedIn(environment: EnvironmentName, served: VersionRef): Readonly<Record<string, string>> {
  const key = `${environment} ${served.digest}`;
  const known = manifests.get(key) ?? rendered(environment, served);
  manifests.set(key, known);
  return known;
}

const manifests = new Map<string, Readonly<Record<string, string>>>();

function rendered(environment: EnvironmentName, served: VersionRef): Readonly<Record<string, string>> {
  const views = manifestViews({
    environment,
    namespace: "models",
    model: ranker,
    rollout: gatewayRollout,
    release: null,
    candidate: { ...served, artifact: `artifacts/${served.version}.json`, weight: 100 },
    stable: null,
  });
  return Object.fromEntries(
    views.map(({ file, template, view }) => [`${manifestsFolder(environment, ranker)}${file}`, templates.render(template, view)]),
  );
}
