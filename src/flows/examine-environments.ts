import type { Lock } from "#domain/environment/lock.ts";
import { locksIn } from "#domain/environment/read-snapshot.ts";
import { lockFindings, policyFinding, releaseFindings } from "#domain/health/environments-findings.ts";
import { type Finding, ok, problem } from "#domain/health/finding.ts";
import { short } from "#domain/model/names.ts";
import type { ModelWorld, World } from "./world.ts";

/** What ails an environments repository and what rests on it. Writes nothing. */
export async function examineEnvironments(world: World, members: readonly ModelWorld[]): Promise<readonly Finding[]> {
  const snapshot = await read(() => world.environments.snapshot());
  if (snapshot.kind === "failed")
    return [
      problem(
        "environments",
        `${world.repository} cannot be read: ${snapshot.why}`,
        "Check SLIPWAY_GIT_URL, and that the App is installed there with contents: write.",
      ),
    ];
  const closed = new Set<string>();
  for (const lock of locksIn(snapshot.value)) if (await isClosed(members, lock)) closed.add(keyOf(lock));
  const looks = await read(() => world.evidence.looks());

  const now = world.clock.now();
  return [
    ok("environments", `${world.repository} can be read, at ${short(snapshot.value.head)}`),
    policyFinding(snapshot.value),
    ...releaseFindings(snapshot.value, now),
    ...lockFindings(snapshot.value, (lock) => closed.has(keyOf(lock)), now),
    looks.kind === "read"
      ? ok("evidence log", `it can be read, and has ${looks.value.length} looks`)
      : problem("evidence log", `it cannot be read: ${looks.why}`, "Check that the App's token may fetch refs/slipway/evidence/ there."),
  ];
}

type Read<Value> = { readonly kind: "read"; readonly value: Value } | { readonly kind: "failed"; readonly why: string };

async function read<Value>(look: () => Promise<Value>): Promise<Read<Value>> {
  try {
    return { kind: "read", value: await look() };
  } catch (error) {
    return { kind: "failed", why: error instanceof Error ? error.message : String(error) };
  }
}

function keyOf({ environment, model }: Lock): string {
  return `${environment}/${model}`;
}

/** What cannot be found out is not called closed. */
async function isClosed(members: readonly ModelWorld[], { pullRequest }: Lock): Promise<boolean> {
  if (pullRequest === null) return false;
  for (const { repository } of members) {
    const about = await read(() => repository.about());
    if (about.kind === "failed" || about.value.name !== pullRequest.repository) continue;
    const pull = await read(() => repository.pullRequest(pullRequest.number));
    return pull.kind === "read" && pull.value?.state === "closed";
  }
  return false;
}
