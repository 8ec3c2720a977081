import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, it } from "vitest";
import { z } from "zod";
import { versions } from "#sandbox/stage/versions.ts";

const run = promisify(execFile);
const deliveredSchema = z.object({
  weights: z.array(z.number()),
  steps: z.array(z.string()),
  running: z.array(z.string()),
  milliseconds: z.record(z.string(), z.number()),
});

/** The story in a network that has only a loopback device: the controllers listen on all addresses. */
async function delivered(target: string): Promise<z.infer<typeof deliveredSchema>> {
  const inside = 'ip link set lo up && exec "$0" "$@"';
  const story = join(import.meta.dirname, "delivered-story.ts");
  const { stdout } = await run("unshare", ["--map-root-user", "--net", "bash", "-c", inside, process.execPath, story, target], {
    maxBuffer: 64 * 1024 * 1024,
    timeout: 480_000,
  });
  const told = deliveredSchema.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
  console.log(target, JSON.stringify(told.milliseconds));
  return told;
}

/** Each story has a network, a cluster and a GitHub of its own, and mostly waits: they are told side by side. */
describe("from a commit to the cluster, and back", () => {
  it.concurrent("goes by the weights in Git, where a GitOps agent applies an HTTPRoute", async ({ expect }) => {
    const { weights, steps, running } = await delivered("gateway-api");
    expect(weights).toEqual([0, 5, 25, 0]);
    expect(steps).toEqual(["start", "live 5", "weight 25", "live 25", "stop", "rolled back"]);
    expect(running).toEqual([versions.baseline.digest]);
  });

  it.concurrent("goes by the steps of Argo Rollouts, which Slipway follows and sends back through Git", async ({ expect }) => {
    const { weights, steps, running } = await delivered("argo-rollouts-delegated");
    expect(weights).toContain(25);
    expect(weights.some((weight) => weight >= 50)).toBe(true);
    expect(weights.at(-1)).toBe(0);
    expect(steps).toEqual(expect.arrayContaining(["start", "live 25", "stop", "rolled back"]));
    expect(running).toEqual([versions.baseline.digest]);
  });

  it.concurrent("goes by the steps of Flagger, which Slipway follows and sends back through Git", async ({ expect }) => {
    const { weights, steps, running } = await delivered("flagger");
    expect(weights.some((weight) => weight >= 25)).toBe(true);
    expect(weights.at(-1)).toBe(0);
    expect(steps).toEqual(expect.arrayContaining(["start", "live 25", "stop", "rolled back"]));
    expect(running).toEqual([versions.baseline.digest]);
  });
});
