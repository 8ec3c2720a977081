import type { Cluster } from "./cluster.ts";
import type { GitRemote } from "./git-remote.ts";
import type { Manifests } from "./manifests.ts";
import { parseManifests } from "./manifests.ts";

export type AgentState = {
  /** The commit whose manifests the cluster was last asked for. */
  readonly commit: string | null;
  readonly appliedAt: string | null;
  /** By model, why its folder at that commit was refused; the model keeps what it had. */
  readonly refused: Readonly<Record<string, string>>;
  /** Why the repository could not be read at the last try, if so. */
  readonly unreachable: string | null;
};

export type AgentOptions = {
  readonly remote: GitRemote;
  readonly environment: string;
  readonly cluster: Cluster;
  readonly pollMilliseconds: number;
  readonly now: () => string;
  readonly applied?: (commit: string) => void;
};

export type Agent = { state(): AgentState; stop(): void };

/** Follows the default branch: when its tip moves, the cluster is asked for what the environment's folder says there. */
export function startAgent({ remote, environment, cluster, pollMilliseconds, now, applied }: AgentOptions): Agent {
  const folder = `environments/${environment}`;
  let state: AgentState = { commit: null, appliedAt: null, refused: {}, unreachable: null };
  let models: ReadonlyMap<string, Manifests> = new Map();
  let stopped = false;

  const sync = async (): Promise<void> => {
    if ((await remote.tip()) === state.commit || stopped) return;
    const { commit, files } = await remote.snapshot(folder);
    if (stopped) return;
    const { accepted, refused } = readModels(files, folder, models);
    models = accepted;
    cluster.apply(models);
    state = { commit, appliedAt: now(), refused, unreachable: null };
    applied?.(commit);
  };
  const follow = async (): Promise<void> => {
    while (!stopped) {
      try {
        await sync();
        if (state.unreachable !== null) state = { ...state, unreachable: null };
      } catch (cause) {
        state = { ...state, unreachable: cause instanceof Error ? cause.message : String(cause) };
      }
      await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
    }
  };
  void follow();
  return {
    state: () => state,
    stop: () => {
      stopped = true;
    },
  };
}

/** Each model's folder is applied whole or not at all. */
function readModels(
  files: ReadonlyMap<string, string>,
  folder: string,
  before: ReadonlyMap<string, Manifests>,
): { accepted: ReadonlyMap<string, Manifests>; refused: Record<string, string> } {
  const accepted = new Map<string, Manifests>();
  const refused: Record<string, string> = {};
  for (const [model, ofModel] of Map.groupBy(files, ([path]) => path.slice(folder.length + 1).split("/")[0] ?? "")) {
    try {
      accepted.set(model, parseManifests(new Map(ofModel)));
    } catch (cause) {
      refused[model] = cause instanceof Error ? cause.message : String(cause);
      const kept = before.get(model);
      if (kept !== undefined) accepted.set(model, kept);
    }
  }
  return { accepted, refused };
}
