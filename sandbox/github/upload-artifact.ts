// Stands in for actions/upload-artifact: zips a file or a folder and speaks the runner's artifact protocol, version 4.
import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { z } from "zod";
import { type ZipEntry, zip } from "./zip.ts";

const Created = z.object({ signed_upload_url: z.string() });
const Finalized = z.object({ artifact_id: z.string() });

export interface UploadedArtifact {
  readonly id: number;
  readonly digest: string;
}

/** `env` is the runner's: ACTIONS_RESULTS_URL and ACTIONS_RUNTIME_TOKEN. */
export async function uploadArtifact(env: Readonly<Record<string, string>>, name: string, path: string): Promise<UploadedArtifact> {
  const bytes = zip(await entriesOf(path));
  const digest = createHash("sha256").update(bytes).digest("hex");
  const ids = backendIds(env.ACTIONS_RUNTIME_TOKEN ?? "");
  const created = Created.parse(await call(env, "CreateArtifact", { ...ids, name, version: 4 }));
  const put = await fetch(created.signed_upload_url, {
    method: "PUT",
    headers: { "x-ms-blob-type": "BlockBlob" },
    body: Uint8Array.from(bytes),
  });
  if (!put.ok) throw new Error(`the blob's address answered ${put.status}`);
  const body = { ...ids, name, size: String(bytes.length), hash: `sha256:${digest}` };
  const finalized = Finalized.parse(await call(env, "FinalizeArtifact", body));
  return { id: Number(finalized.artifact_id), digest };
}

async function entriesOf(path: string): Promise<readonly ZipEntry[]> {
  if ((await stat(path)).isFile()) return [{ name: basename(path), bytes: await readFile(path) }];
  const found = await readdir(path, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(files.toSorted().map(async (file) => ({ name: relative(path, file), bytes: await readFile(file) })));
}

async function call(env: Readonly<Record<string, string>>, method: string, body: unknown): Promise<unknown> {
  const answer = await fetch(new URL(`/twirp/github.actions.results.api.v1.ArtifactService/${method}`, env.ACTIONS_RESULTS_URL), {
    method: "POST",
    headers: { authorization: `Bearer ${env.ACTIONS_RUNTIME_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} answered ${answer.status}: ${await answer.text()}`);
  return await answer.json();
}

/** The runtime token's scope `Actions.Results:<run>:<job>` names both. */
function backendIds(token: string): Record<string, string> {
  const Scope = z.object({ scp: z.string() });
  const { scp } = Scope.parse(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()));
  const [, run = "", job = ""] = (scp.split(" ").find((scope) => scope.startsWith("Actions.Results:")) ?? "").split(":");
  return { workflow_run_backend_id: run, workflow_job_run_backend_id: job };
}
