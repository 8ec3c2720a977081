import { CORE_SCHEMA, loadAll } from "js-yaml";
import { z } from "zod";
import type { Cluster } from "#ports/cluster.ts";
import { checkServer, type KubernetesApi, type KubernetesSettings, openKubernetesApi } from "./api.ts";
import { exposures } from "./exposures.ts";
import { unknown } from "./workload.ts";

/** Reads what a cluster serves from its API, and writes nothing there. */
export function kubernetesCluster(settings: KubernetesSettings): Cluster {
  if (settings.kubeconfigFile === undefined) checkServer(settings.server);
  let loading: Promise<KubernetesApi> | undefined;
  const api = (): Promise<KubernetesApi> => (loading ??= openKubernetesApi(settings));
  return {
    async tryOut(manifests) {
      const objects = manifests.flatMap((text) => loadAll(text, { schema: CORE_SCHEMA }));
      const reasons: string[] = [];
      for (const object of objects) {
        const parsed = objectSchema.safeParse(object).data;
        if (parsed === undefined) continue;
        const what = `${parsed.kind} ${parsed.metadata.name}`;
        try {
          await (await api()).dryRun(parsed);
        } catch (error) {
          const reason = withoutSecret(reasonOf(error, what), settings.token);
          if (!isRefusal(error)) return { kind: "unknown", reason };
          reasons.push(reason);
        }
      }
      return reasons.length === 0 ? { kind: "taken" } : { kind: "refused", reasons };
    },
    async observe(model, _environment, namespace, target) {
      const { what, read } = exposures[target];
      try {
        return await read(await api(), namespace, model);
      } catch (error) {
        return unknown(withoutSecret(reasonOf(error, `${what(model)} in ${namespace}`), settings.token));
      }
    },
  };
}

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

/** The cluster understood the question and said no: an invalid object, an admission policy, a quota, a kind that it does not have. */
function isRefusal(error: unknown): boolean {
  const code = statusSchema.safeParse(error).data?.code;
  if (code === 403) return !/cannot (?:patch|create|get) resource/.test(messageOf(error));
  // A field that a schema does not have is an internal error to a server-side apply.
  if (code === 500) return messageOf(error).includes("field not declared in schema");
  return code === 400 || code === 404 || code === 409 || code === 422;
}

/** Who may not ask learns nothing about the manifests, so the words of a refusal count. */
function messageOf(error: unknown): string {
  return bodySchema.safeParse(statusSchema.safeParse(error).data?.body).data?.message ?? "";
}

const statusSchema = z.object({ code: z.number(), body: z.unknown() });
const bodySchema = z.preprocess((body) => (typeof body === "string" ? fromJson(body) : body), z.object({ message: z.string() }));
const longestReason = 300;

function reasonOf(error: unknown, what: string): string {
  if (error instanceof z.ZodError) return `the API's answer for ${what} has another shape: ${error.issues[0]?.path.join(".") ?? ""}`;
  const answered = statusSchema.safeParse(error);
  if (answered.success) {
    const said = bodySchema.safeParse(answered.data.body);
    return `the API answered ${answered.data.code} for ${what}${said.success ? `: ${said.data.message}` : ""}`;
  }
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `the API could not be read for ${what}: ${error instanceof Error ? error.message : String(error)}${cause}`;
}

function withoutSecret(reason: string, token: string | undefined): string {
  return (token === undefined || token === "" ? reason : reason.replaceAll(token, "***")).slice(0, longestReason);
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
