// The runner's artifact service, version 4: create, put the blob, finalize. Any client of that protocol can use it.
import { createHash, createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Reply } from "./reply.ts";
import { type Artifact, currentAttempt, type Job, type World } from "./world.ts";

const lifeSeconds = 600;

/** An address that carries its own right: `r` to fetch, `w` to put. */
export function signedUrl(world: World, artifact: Artifact, right: "r" | "w"): string {
  const until = Math.floor(world.clock().getTime() / 1000) + lifeSeconds;
  return `${world.origin}/_blob/${artifact.id}?sp=${right}&se=${until}&sig=${signature(world, artifact.id, right, until)}`;
}

function signature(world: World, id: number, right: string, until: number): string {
  return createHmac("sha256", world.signatureKey).update(`${id} ${right} ${until}`).digest("hex");
}

const Create = z.object({ name: z.string() });
const Finalize = z.object({ name: z.string(), size: z.union([z.string(), z.number()]).optional(), hash: z.unknown() });

const failure = (status: number, code: string, msg: string): Reply => ({ status, body: { code, msg } });

export function serveTwirp(world: World, method: string, token: string | undefined, body: unknown): Reply {
  const job = world.jobs.find((candidate) => candidate.runtimeToken === token);
  if (job === undefined || job.attempt.status === "completed" || currentAttempt(job.run) !== job.attempt) {
    return failure(401, "unauthenticated", "the runtime token is not that of a running attempt");
  }
  const mine = job.run.artifacts.filter((artifact) => artifact.attempt === job.attempt.number);
  switch (method) {
    case "CreateArtifact":
      return create(world, job, mine, Create.parse(body).name);
    case "FinalizeArtifact":
      return finalize(mine, Finalize.parse(body));
    default:
      return failure(404, "bad_route", method);
  }
}

function create(world: World, job: Job, mine: readonly Artifact[], name: string): Reply {
  if (mine.some((artifact) => artifact.name === name)) {
    return failure(409, "already_exists", "an artifact with this name already exists on the workflow run");
  }
  const artifact: Artifact = {
    id: world.nextId("artifact"),
    name,
    attempt: job.attempt.number,
    run: job.run,
    blocks: new Map(),
    bytes: Buffer.alloc(0),
    final: false,
    expired: false,
    createdAt: world.clock(),
  };
  job.run.artifacts.push(artifact);
  const url = signedUrl(world, artifact, "w");
  return { status: 200, body: { ok: true, signed_upload_url: url } };
}

function finalize(mine: readonly Artifact[], body: z.infer<typeof Finalize>): Reply {
  const artifact = mine.find((candidate) => candidate.name === body.name);
  if (artifact === undefined) return failure(404, "not_found", "no such artifact");
  if (body.size !== undefined && Number(body.size) !== artifact.bytes.length) {
    return failure(400, "invalid_argument", `size is ${artifact.bytes.length}, not ${body.size}`);
  }
  const hash = typeof body.hash === "string" ? body.hash : undefined;
  const actual = `sha256:${createHash("sha256").update(artifact.bytes).digest("hex")}`;
  if (hash !== undefined && hash !== actual) return failure(400, "invalid_argument", `hash is ${actual}`);
  artifact.final = true;
  return { status: 200, body: { ok: true, artifact_id: String(artifact.id) } };
}

export function serveBlob(world: World, method: string, url: URL, body: Buffer): Reply {
  const id = Number(/^\/_blob\/(\d+)$/.exec(url.pathname)?.[1]);
  const [right, until, given] = [url.searchParams.get("sp") ?? "", Number(url.searchParams.get("se")), url.searchParams.get("sig") ?? ""];
  const wanted = Buffer.from(signature(world, id, right, until));
  const signed = given.length === wanted.length && timingSafeEqual(Buffer.from(given), wanted);
  const artifact = [...world.repositories.values()]
    .flatMap((repository) => repository.runs)
    .flatMap((run) => run.artifacts)
    .find((one) => one.id === id);
  if (!signed || until * 1000 < world.clock().getTime() || right !== (method === "PUT" ? "w" : "r"))
    return failure(403, "forbidden", "signature");
  if (artifact === undefined) return failure(404, "not_found", "no such blob");
  if (method === "PUT") {
    if (artifact.final) return failure(409, "immutable", "the artifact is final");
    put(artifact, url.searchParams, body);
    return { status: 201, headers: { "x-ms-request-id": randomUUID(), etag: '"1"', "last-modified": new Date().toUTCString() } };
  }
  const headers = { "content-type": "application/zip", "content-disposition": `attachment; filename="artifact.zip"` };
  return { status: 200, body: artifact.bytes, headers };
}

/** Blob storage's three ways to write: the whole body, one block, or the list that puts the blocks in order. */
function put(artifact: Artifact, query: URLSearchParams, body: Buffer): void {
  const [kind, id] = [query.get("comp"), query.get("blockid")];
  if (kind === "block" && id !== null) artifact.blocks.set(id, body);
  else if (kind === "blocklist") {
    const order = [...body.toString().matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]+)</g)].map((match) => match[1] ?? "");
    artifact.bytes = Buffer.concat(order.map((block) => artifact.blocks.get(block) ?? Buffer.alloc(0)));
  } else artifact.bytes = body;
}
