import { access, constants, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GitHubApp, githubApp } from "#adapters/github/github-app.ts";
import { oidcProvenance } from "#adapters/oidc/oidc-provenance.ts";
import { sigstoreAttestations } from "#adapters/sigstore/sigstore-attestations.ts";
import { clockFinding, deliveriesFinding, eventsFinding } from "#domain/health/app-findings.ts";
import { type CheckName, type Finding, ok, problem } from "#domain/health/finding.ts";
import { Fleet } from "#entry/fleet.ts";
import { requiredPermissions, webhookEvents } from "#entry/permissions.ts";
import { readSettings, type Settings, SettingsError } from "#entry/settings.ts";
import { examineEnvironments } from "#flows/examine-environments.ts";

/** Every check of an installation, from its settings to each environments repository. What cannot be looked at is a problem, and hides nothing else. */
export async function examineInstallation(environment: Readonly<Record<string, string | undefined>>): Promise<readonly Finding[]> {
  const settings = settingsOf(environment);
  if (!("appId" in settings)) return settings;
  const app = githubApp({ baseUrl: settings.githubUrl, appId: settings.appId, privateKey: settings.privateKey });
  const own = [
    ok("settings", "they can be read"),
    ...(await trustRootFindings(settings)),
    ...(await issuerFindings(settings)),
    ...(await measuring(settings)),
  ];
  const github = await githubFindings(app);
  return [
    ...own,
    ...github,
    ...(github.some(({ check, kind }) => check === "github" && kind === "problem") ? [] : await fleetFindings(settings, app)),
  ];
}

function settingsOf(environment: Readonly<Record<string, string | undefined>>): Settings | readonly Finding[] {
  try {
    return readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError)
      return error.problems.map((what) =>
        problem("settings", what, "Set it where the App is started; docs/install.md lists all settings."),
      );
    throw error;
  }
}

async function trustRootFindings({ sigstoreRoot, oidcIssuer, gitUrl }: Settings): Promise<readonly Finding[]> {
  if (sigstoreRoot === undefined) return [ok("trust root", "none is set: no attestation counts, tokens of runs do")];
  return attempt("trust root", "Renew the file of SLIPWAY_SIGSTORE_ROOT_FILE.", async () => {
    sigstoreAttestations({ trustRoot: sigstoreRoot, issuer: oidcIssuer, server: gitUrl });
    return [ok("trust root", "it can be read")];
  });
}

async function issuerFindings({ oidcIssuer }: Settings): Promise<readonly Finding[]> {
  return attempt("oidc issuer", "Until then no run can be proved, so no evidence counts.", async () => {
    await oidcProvenance({ issuer: oidcIssuer }).keys();
    return [ok("oidc issuer", `${oidcIssuer} publishes its keys`)];
  });
}

async function measuring({ kubernetes, requestLogs, prometheus }: Settings): Promise<readonly Finding[]> {
  const cluster =
    kubernetes === undefined
      ? problem("cluster", "none is set, so no weight is ever seen live", "Set SLIPWAY_KUBERNETES_URL or SLIPWAY_KUBECONFIG.")
      : ok("cluster", "it is set");
  if (prometheus !== undefined) return [cluster, ok("metrics", "a Prometheus is set")];
  if (requestLogs === undefined)
    return [
      cluster,
      problem("metrics", "no source is set, so no canary is judged and none grows", "Set SLIPWAY_REQUEST_LOGS or SLIPWAY_PROMETHEUS_URL."),
    ];
  const logs = await attempt("metrics", "Check SLIPWAY_REQUEST_LOGS and who may read that file.", async () => {
    await access(requestLogs, constants.R_OK);
    return [ok("metrics", "the request logs can be read")];
  });
  return [cluster, ...logs];
}

async function githubFindings(app: GitHubApp): Promise<readonly Finding[]> {
  const known = await attempt("github", "Check SLIPWAY_GITHUB_URL, the network, SLIPWAY_APP_ID and the private key.", async () => {
    const { login, events, serverTime } = await app.registration();
    return [
      ok("github", `it answers, and knows the App as ${login}`),
      clockFinding(Date.now(), serverTime),
      eventsFinding(webhookEvents, events),
    ];
  });
  if (known.some(({ check, kind }) => check === "github" && kind === "problem")) return known;
  const permissions = await attempt("permissions", "Check the App's settings on GitHub.", async () => {
    const missing = await app.missing(requiredPermissions);
    const all = Object.entries(requiredPermissions).map(([name, level]) => `${name}: ${level}`);
    return missing.length === 0
      ? [ok("permissions", `every account granted ${all.join(", ")}`)]
      : missing.map((what) => problem("permissions", what.replace(/;[^;]*$/, ""), nextIn(what)));
  });
  const webhooks = await attempt("webhooks", "Check the App's webhook on GitHub.", async () => [deliveriesFinding(await app.deliveries())]);
  return [...known, ...permissions, ...webhooks];
}

/** Each missing permission is said as `what; who does what.` */
function nextIn(sentence: string): string {
  const next = sentence.split("; ").at(-1) ?? sentence;
  return `${next.charAt(0).toUpperCase()}${next.slice(1)}`;
}

/** Clones of its own, in a folder that goes again: a running App shares its cache with nobody. */
async function fleetFindings(settings: Settings, app: GitHubApp): Promise<readonly Finding[]> {
  const cache = await mkdtemp(join(tmpdir(), "slipway-doctor-"));
  const unread: Finding[] = [];
  const unused = () => Promise.reject(new Error("the doctor measures nothing"));
  const fleet = new Fleet({
    settings: { ...settings, cache },
    app,
    metrics: { count: unused, firstBad: unused },
    cluster: { observe: unused, tryOut: unused },
    attestations: sigstoreAttestations({ trustRoot: undefined, issuer: settings.oidcIssuer, server: settings.gitUrl }),
    log: {
      info: () => undefined,
      warn: (event, { repository, problems }) =>
        void unread.push(
          problem("repositories", `${event}: ${String(repository)}: ${String(problems)}`, "Mend slipway.yaml on its default branch."),
        ),
    },
    pushed: () => undefined,
  });
  try {
    return await attempt(
      "repositories",
      "Check that the App is installed on the model repositories and the environments repository.",
      async () => {
        await fleet.refresh();
        const names = fleet.members.map(({ name }) => name);
        const served =
          names.length > 0
            ? ok("repositories", `models of ${names.join(", ")} are served`)
            : problem(
                "repositories",
                "no repository where the App is installed has a slipway.yaml that can be read",
                "Install the App on a model repository, and commit slipway.yaml there.",
              );
        const examinedWorlds: Finding[] = [];
        for (const world of fleet.worlds)
          examinedWorlds.push(
            ...(await examineEnvironments(
              world,
              fleet.members.filter((member) => member.world === world).map(({ models }) => models),
            )),
          );
        return [served, ...unread, ...examinedWorlds];
      },
    );
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}

/** A check that could not be made is a problem, and says why; the others are made all the same. */
async function attempt(check: CheckName, next: string, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [problem(check, error instanceof Error ? error.message.replace(/\.$/, "") : String(error), next)];
  }
}
