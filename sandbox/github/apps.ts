import { randomBytes } from "node:crypto";
import { z } from "zod";
import { simpleUser } from "./people.ts";
import { type Call, created, noContent, notFound, numberParam, ok, page, Refusal, type Reply, type Routes, readBody } from "./reply.ts";
import { showApp, showRepository } from "./show-repository.ts";
import { type Installation, iso, type Level, type Permissions, type Repository, type World } from "./world.ts";

const hour = 3_600_000;

function showInstallation(world: World, installation: Installation): Record<string, unknown> {
  const at = iso(installation.createdAt);
  const url = `${world.origin}/app/installations/${installation.id}`;
  return {
    id: installation.id,
    account: simpleUser(world, installation.account),
    repository_selection: "all",
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${world.origin}/installation/repositories`,
    html_url: `${world.origin}/organizations/${installation.account}/settings/installations/${installation.id}`,
    app_id: world.app.id,
    app_slug: world.app.slug,
    client_id: world.app.clientId,
    target_id: world.accounts.get(installation.account)?.id ?? 0,
    target_type: "Organization",
    permissions: { metadata: "read", ...installation.permissions },
    events: world.app.events,
    created_at: at,
    updated_at: at,
    single_file_name: null,
    suspended_at: null,
    suspended_by: null,
  };
}

const TokenBody = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
  permissions: z.record(z.string(), z.enum(["read", "write"])).optional(),
});

function createToken(call: Call): Reply {
  const { world } = call;
  const installation = installationOf(call);
  const body = readBody(call, TokenBody);
  const owned = [...world.repositories.values()].filter((repository) => repository.owner === installation.account);
  const named = body.repositories?.map((name) => owned.find((repository) => repository.name === name));
  const numbered = body.repository_ids?.map((id) => owned.find((repository) => repository.id === id));
  const chosen = named ?? numbered;
  if (chosen?.includes(undefined)) {
    throw new Refusal(422, "There is at least one repository that does not exist or is not accessible to the parent installation.");
  }
  const repositories = chosen?.filter((repository) => repository !== undefined);
  const permissions = body.permissions ?? installation.permissions;
  if (!covers(installation.permissions, permissions))
    throw new Refusal(422, "The permissions requested are not granted to this installation.");

  const token = `ghs_${randomBytes(18).toString("hex")}`;
  const expiresAt = new Date(world.clock().getTime() + hour);
  const scope = repositories === undefined ? {} : { repositories: new Set(repositories.map((repository) => repository.id)) };
  world.tokens.set(token, { kind: "installation", app: world.app, account: installation.account, permissions, expiresAt, ...scope });
  return created({
    token,
    expires_at: iso(expiresAt),
    permissions: { metadata: "read", ...permissions },
    repository_selection: repositories === undefined ? "all" : "selected",
    ...(repositories === undefined ? {} : { repositories: repositories.map((repository) => showRepository(world, repository)) }),
  });
}

function covers(granted: Permissions, asked: Permissions): boolean {
  const levels: readonly (Level | undefined)[] = [undefined, "read", "write"];
  return Object.entries(asked).every(
    ([name, level]) => (name === "metadata" && level === "read") || levels.indexOf(granted[name]) >= levels.indexOf(level),
  );
}

function installationOf(call: Call): Installation {
  const found = call.world.installations.find((installation) => installation.id === numberParam(call, "installation_id"));
  if (found === undefined) throw notFound();
  return found;
}

function repositoriesOf(call: Call): readonly Repository[] {
  const { identity } = call;
  if (identity.kind !== "installation") return [];
  return [...call.world.repositories.values()].filter(
    (repository) => repository.owner === identity.account && (identity.repositories?.has(repository.id) ?? true),
  );
}

function listDeliveries(call: Call): Reply {
  const size = Math.min(100, Number.parseInt(call.query.get("per_page") ?? "30", 10));
  const cursor = Number(call.query.get("cursor") ?? Number.POSITIVE_INFINITY);
  const older = call.world.webhooks.deliveries.filter((delivery) => delivery.id < cursor).toReversed();
  const shown = older.slice(0, size);
  const next = new URL(call.url);
  next.searchParams.set("cursor", String(shown.at(-1)?.id));
  return {
    status: 200,
    ...(older.length > size ? { headers: { link: `<${next.href}>; rel="next"` } } : {}),
    body: shown.map((delivery) => ({
      id: delivery.id,
      guid: delivery.guid,
      delivered_at: delivery.deliveredAt.toISOString(),
      redelivery: delivery.redelivery,
      duration: delivery.seconds,
      status: delivery.status,
      status_code: delivery.statusCode,
      event: delivery.event,
      action: delivery.action,
      installation_id: delivery.installation,
      repository_id: delivery.repository,
    })),
  };
}

export const apps: Routes = {
  "apps/get-authenticated": {
    access: { by: "app" },
    handle: ({ world }) => ok({ ...showApp(world, world.app), installations_count: world.installations.length }),
  },
  "apps/list-installations": {
    access: { by: "app" },
    handle: (call) => page(call, call.world.installations, (installation) => showInstallation(call.world, installation)),
  },
  "apps/get-installation": { access: { by: "app" }, handle: (call) => ok(showInstallation(call.world, installationOf(call))) },
  "apps/create-installation-access-token": { access: { by: "app" }, handle: createToken },
  "apps/get-repo-installation": {
    access: { by: "app" },
    handle: (call) => {
      const repository = call.world.repositories.get(`${call.params.owner}/${call.params.repo}`);
      const installation = call.world.installations.find((candidate) => candidate.account === repository?.owner);
      if (installation === undefined) throw notFound();
      return ok(showInstallation(call.world, installation));
    },
  },
  "apps/list-repos-accessible-to-installation": {
    access: { by: "installation" },
    handle: (call) =>
      page(
        call,
        repositoriesOf(call),
        (repository) => showRepository(call.world, repository),
        (repositories, total) => ({ total_count: total, repository_selection: "selected", repositories }),
      ),
  },
  "apps/list-webhook-deliveries": { access: { by: "app" }, handle: listDeliveries },
  "apps/redeliver-webhook-delivery": {
    access: { by: "app" },
    handle: (call) => {
      if (call.world.webhooks.redeliver(numberParam(call, "delivery_id")) === undefined) throw notFound();
      return { ...noContent, status: 202, body: {} };
    },
  },
};
