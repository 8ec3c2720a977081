// The double's own controls under /_double: what a person would do on GitHub's pages, what GitHub would do by itself, and faults.
import { z } from "zod";
import { refusal } from "./api.ts";
import { ClickedButton, clickButton } from "./checks.ts";
import { Fault } from "./faults.ts";
import { addOrganization, addUser, changeGrant, NewGrant, NewOrganization, NewUser, revokeInstallationTokens } from "./organizations.ts";
import { completeRun, NewRun, recordRun, startJob, summaryOf } from "./record-run.ts";
import { noContent, notFound, ok, Refusal, type Reply } from "./reply.ts";
import { createRepository, NewRepository } from "./repository-setup.ts";
import { snapshot } from "./snapshot.ts";
import { type Artifact, type Run, roles, type World } from "./world.ts";

type Handler = (world: World, body: unknown, parts: readonly string[]) => Promise<Reply> | Reply;

const runsOf = (world: World): readonly Run[] => [...world.repositories.values()].flatMap((repository) => repository.runs);

function runOf(world: World, id: string | undefined): Run {
  const run = runsOf(world).find((candidate) => String(candidate.id) === id);
  if (run === undefined) throw notFound();
  return run;
}

async function started(world: World, run: Run): Promise<Reply> {
  const { env, event } = await startJob(world, run);
  return ok({ run: summaryOf(run), env, event });
}

const WebhookSettings = z.object({
  url: z.string().nullish(),
  duplicate: z.boolean().optional(),
  hold: z.boolean().optional(),
  delay: z.number().int().nonnegative().optional(),
});

const controls: Readonly<Record<string, Handler>> = {
  "GET requests": (world) => ok(world.requests),
  "DELETE requests": (world) => {
    world.requests.length = 0;
    return noContent;
  },
  "GET violations": (world) => ok(world.contract.violations),
  "GET coverage": (world) => ok({ operations: [...world.contract.operations], kept: [...world.contract.kept].toSorted() }),
  "GET state": async (world) => ok(await snapshot(world)),
  "GET deliveries": (world) => ok(world.webhooks.deliveries.map(({ body, ...delivery }) => ({ ...delivery, payload: JSON.parse(body) }))),
  "POST redeliver/*": (world, _body, [, id]) => {
    const delivery = world.webhooks.redeliver(Number(id));
    if (delivery === undefined) throw notFound();
    return { status: 202, body: { id: delivery.id, guid: delivery.guid } };
  },
  "POST webhooks": (world, body) => {
    const wanted = WebhookSettings.parse(body);
    const { webhooks } = world;
    if (wanted.url !== undefined) webhooks.url = wanted.url ?? undefined;
    webhooks.duplicate = wanted.duplicate ?? webhooks.duplicate;
    webhooks.delay = wanted.delay ?? webhooks.delay;
    webhooks.holding = wanted.hold ?? webhooks.holding;
    return ok({ url: webhooks.url ?? null, duplicate: webhooks.duplicate, delay: webhooks.delay, hold: webhooks.holding });
  },
  "POST webhooks/release": async (world, body) => {
    const { order } = z.object({ order: z.enum(["as-sent", "reversed"]).default("as-sent") }).parse(body);
    return ok({ released: await world.webhooks.release(order) });
  },
  "GET barriers": (world) => ok(world.barriers.waiting),
  "POST barriers/*/open": (world, _body, [, name = ""]) => ok({ opened: world.barriers.open(name) }),
  "POST idle": async (world) => {
    await world.webhooks.idle();
    return noContent;
  },
  "GET faults": (world) => ok(world.faults.waiting),
  "POST faults": (world, body) => {
    world.faults.add(Fault.parse(body));
    return ok(world.faults.waiting);
  },
  "DELETE faults": (world) => {
    world.faults.clear();
    return noContent;
  },
  "POST users": (world, body) => ok(addUser(world, NewUser.parse(body))),
  "POST organizations": (world, body) => ok(addOrganization(world, NewOrganization.parse(body))),
  "POST repositories": async (world, body) => {
    const repository = await createRepository(world, NewRepository.parse(body));
    const clone = `${world.origin}/${repository.fullName}.git`;
    return ok({ id: repository.id, fullName: repository.fullName, clone, folder: repository.folder });
  },
  "PUT repositories/*/*/permissions": (world, body, [, owner, name]) => {
    const repository = world.repositories.get(`${owner}/${name}`);
    if (repository === undefined) throw notFound();
    for (const [login, role] of Object.entries(z.record(z.string(), z.enum(roles)).parse(body))) repository.permissions.set(login, role);
    return ok(Object.fromEntries(repository.permissions));
  },
  "PUT grants": (world, body) => {
    const granted = changeGrant(world, NewGrant.parse(body));
    if (granted === undefined) throw notFound();
    return ok(granted);
  },
  "POST tokens/revoke": (world) => ok({ revoked: revokeInstallationTokens(world) }),
  "GET runs": (world) => ok(runsOf(world).map(summaryOf)),
  "POST runs": async (world, body) => {
    const { start, ...wanted } = z.object({ start: z.boolean().default(true), ...NewRun.shape }).parse(body);
    const run = await recordRun(world, wanted);
    return start ? await started(world, run) : ok({ run: summaryOf(run) });
  },
  "GET runs/*": (world, _body, [, id]) => ok(summaryOf(runOf(world, id))),
  "POST runs/*/start": (world, _body, [, id]) => started(world, runOf(world, id)),
  "POST runs/*/complete": async (world, body, [, id]) => {
    const run = runOf(world, id);
    await completeRun(world, run, z.object({ conclusion: z.string().default("success") }).parse(body).conclusion);
    return ok(summaryOf(run));
  },
  "POST checks/*/click": (world, body, [, id]) => {
    const check = [...world.repositories.values()].flatMap(({ checks }) => checks).find((candidate) => String(candidate.id) === id);
    if (check === undefined) throw notFound();
    clickButton(world, check, ClickedButton.parse(body));
    return noContent;
  },
  "POST artifacts/*/expire": (world, _body, [, id]) => {
    const artifact: Artifact | undefined = runsOf(world)
      .flatMap((run) => run.artifacts)
      .find((candidate) => String(candidate.id) === id);
    if (artifact === undefined) throw notFound();
    artifact.expired = true;
    return noContent;
  },
};

export async function serveControl(world: World, method: string, url: URL, bytes: Buffer): Promise<Reply> {
  const parts = url.pathname.slice("/_double/".length).split("/").map(decodeURIComponent);
  const handler = Object.entries(controls).find(([key]) => fits(key, method, parts))?.[1];
  try {
    if (handler === undefined) throw notFound();
    return await handler(world, bytes.length === 0 ? {} : JSON.parse(bytes.toString()), parts);
  } catch (error) {
    if (error instanceof Refusal) return refusal(error);
    if (error instanceof z.ZodError || error instanceof SyntaxError) return refusal(new Refusal(422, error.message));
    throw error;
  }
}

function fits(key: string, method: string, parts: readonly string[]): boolean {
  const [wantedMethod, path = ""] = key.split(" ");
  const wanted = path.split("/");
  return wantedMethod === method && wanted.length === parts.length && wanted.every((part, index) => part === "*" || part === parts[index]);
}
