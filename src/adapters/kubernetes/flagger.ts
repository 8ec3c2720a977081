import type { Backend, Exposure } from "#domain/rollout/exposure.ts";
import { isAccepted, type Route, sharesOf } from "./route.ts";
import { podDigestOf, readyIn, unknown, type Workload } from "./workload.ts";

/** Flagger's own route names `<model>-primary` and `<model>-canary`; after a promotion both run the same version. */
export function flaggerExposure(model: string, route: Route, canary: Workload, primary: Workload): Exposure {
  const shares = sharesOf(route);
  if (typeof shares === "string") return unknown(shares);
  const behind = new Map([
    [`${model}-primary`, primary],
    [`${model}-canary`, canary],
  ]);
  const backends: Backend[] = [];
  for (const { name, weight } of shares) {
    const workload = behind.get(name);
    const digest = workload && podDigestOf(workload);
    if (workload === undefined || digest === undefined) return unknown(`it is not known what runs behind the backend ${name}`);
    backends.push({ digest, weight, ready: readyIn(workload), wanted: workload.spec.replicas });
  }
  return { kind: "seen", accepted: isAccepted(route), backends: merged(backends) };
}

/** One backend for each version; replicas count where traffic goes. */
function merged(backends: readonly Backend[]): readonly Backend[] {
  return [...new Set(backends.map(({ digest }) => digest))].map((digest) => {
    const same = backends.filter((each) => each.digest === digest);
    const serving = same.filter(({ weight }) => weight > 0);
    const counted = serving.length > 0 ? serving : same;
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    return {
      digest,
      weight: sum(same.map(({ weight }) => weight)),
      ready: sum(counted.map(({ ready }) => ready)),
      wanted: sum(counted.map(({ wanted }) => wanted)),
    };
  });
}
