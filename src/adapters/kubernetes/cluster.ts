import { z } from "zod";
import type { Cluster } from "#ports/cluster.ts";
import { checkServer, type KubernetesApi, type KubernetesSettings, openKubernetesApi } from "./api.ts";
import { exposures } from "./exposures.ts";
import { unknown } from "./workload.ts";

/** Reads what a cluster serves from its API, and writes nothing there. */
export function kubernetesCluster(settings: KubernetesSettings): Cluster {
  if (settings.kubeconfigFile === undefined) checkServer(settings.server);
  let loading: Promise<KubernetesApi> | undefined;
  return {
    async observe(model, _environment, namespace, target) {
      const { what, read } = exposures[target];
      try {
        loading ??= openKubernetesApi(settings);
        return await read(await loading, namespace, model);
      } catch (error) {
        return unknown(withoutSecret(reasonOf(error, `${what(model)} in ${namespace}`), settings.token));
      }
    },
  };
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
