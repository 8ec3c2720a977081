import fc from "fast-check";
import { policyPath } from "#domain/environment/paths.ts";
import { stateIn } from "#domain/environment/read-snapshot.ts";
import type { OpenRelease } from "#domain/environment/state.ts";
import type { Digest } from "#domain/model/names.ts";
import type { Exposure } from "#domain/rollout/exposure.ts";
import { parseRelease, type ReleaseRecord } from "#domain/rollout/release.ts";
import { answerComment } from "#flows/answer-comment.ts";
import { lineFor } from "#test/support/commenting.ts";
import { backendsInGit, followGit, ownedFiles, type ServedBackend } from "#test/support/git-follower.ts";
import { measured } from "#test/support/judging.ts";
import { advance } from "#test/support/releasing.ts";
import { type Pull, routePath, type TestWorld, testWorld } from "#test/support/world.ts";
import { better, policyText, production, ranker, version } from "#test/support/world-texts.ts";

const candidates = [better, version("2026.11.21-1", "d")];
const candidateIndex = fc.nat(candidates.length - 1);

/** What people, machines and Slipway may do next. */
const anyAction = fc.oneof(
  { weight: 30, arbitrary: fc.record({ kind: fc.constant("go on" as const), milliseconds: fc.constantFrom(500, 2000, 4000) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("go on blindly" as const), weight: fc.nat(100), accepted: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("deploy" as const), index: candidateIndex }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("advance" as const), replicas: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("wait" as const), milliseconds: fc.integer({ min: 1, max: 40_000 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("serve" as const),
      perSecond: fc.constantFrom(0, 5, 100, 100),
      goodShare: fc.constantFrom(1, 1, 0.9, 0.7, 0),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("hold" as const, "lift" as const), index: candidateIndex }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("freeze" as const, "thaw" as const, "break policy" as const, "mend policy" as const) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("edit" as const, "hide cluster" as const, "close proposal" as const) }) },
);
export type Action = typeof anyAction extends fc.Arbitrary<infer Value> ? Value : never;

/** Begins with a release, so that most walks are about one. */
export const anyWalk = fc
  .array(anyAction, { minLength: 15, maxLength: 40, size: "max" })
  .map((walk): readonly Action[] => [{ kind: "deploy", index: 0 }, ...walk]);

/** All that matters of the world at one moment. */
export interface Moment {
  readonly head: string;
  readonly backends: readonly ServedBackend[];
  readonly open: OpenRelease | null;
  readonly records: readonly ReleaseRecord[];
  readonly held: ReadonlySet<Digest>;
  readonly frozen: boolean;
  readonly policyBroken: boolean;
  /** Whether a person wrote the model's files last. */
  readonly edited: boolean;
  /** What the cluster showed last, so what Slipway saw of it. */
  readonly seen: Exposure;
  readonly now: string;
}

export interface Walker {
  readonly w: TestWorld;
  act(action: Action): Promise<void>;
  moment(): Promise<Moment>;
}

/** Two pull requests whose evidence passes, one model in production, and nobody who stops anybody. */
export async function walker(): Promise<Walker> {
  const w = await testWorld();
  const pulls: Pull[] = [];
  for (const one of candidates) {
    const pull = w.propose(one);
    await measured(w, pull);
    w.metrics.serve(one.digest, { perSecond: 100, goodShare: 1 });
    pulls.push(pull);
  }
  let frozen = false;
  let policyBroken = false;
  let edits = 0;

  async function act(action: Action): Promise<void> {
    const one = "index" in action ? candidates[action.index] : undefined;
    switch (action.kind) {
      case "go on":
        await followGit(w);
        await advance(w);
        return w.clock.advance(action.milliseconds);
      case "advance":
        return void (await Promise.all(Array.from({ length: action.replicas }, () => advance(w))));
      case "wait":
        return w.clock.advance(action.milliseconds);
      case "deploy": {
        const pull = pulls[action.index];
        if (pull !== undefined) await answerComment(w.world, w.models, w.say(pull, lineFor(pull)).id);
        return;
      }
      case "go on blindly": {
        const backends = backendsInGit(await ownedFiles(w)).flatMap(({ digest }, index) =>
          digest === undefined ? [] : [{ digest, weight: index === 0 ? 100 - action.weight : action.weight, ready: 1, wanted: 1 }],
        );
        w.cluster.show(ranker, production, { kind: "seen", accepted: action.accepted, backends });
        w.clock.advance(2000);
        return void (await advance(w));
      }
      case "hide cluster":
        return w.cluster.show(ranker, production, { kind: "unknown", reason: "503" });
      case "serve":
        return candidates.forEach(({ digest }) => w.metrics.serve(digest, action));
      case "hold":
        if (one === undefined) return;
        return void w.hold(one);
      case "lift": {
        const path = [...(await w.environments.snapshot()).texts.keys()].find(
          (name) => name.includes(`/holds/`) && name.includes(one?.digest.slice(7) ?? "?"),
        );
        if (path !== undefined) w.environments.edit({ [path]: null });
        return;
      }
      case "freeze":
      case "thaw":
        frozen = action.kind === "freeze";
        return void w[action.kind]();
      case "break policy":
      case "mend policy":
        policyBroken = action.kind === "break policy";
        return void w.environments.edit({ [policyPath]: policyBroken ? "kind: Policies\n" : policyText() });
      case "edit":
        edits += 1;
        return void w.environments.edit({ [routePath]: `${w.environments.text(routePath) ?? ""}# ${edits}\n` });
      case "close proposal": {
        const open = w.proposals.all().find(({ state }) => state === "open");
        if (open !== undefined) w.proposals.close(open.number);
      }
    }
  }

  async function moment(): Promise<Moment> {
    const snapshot = await w.environments.snapshot();
    const state = stateIn(snapshot, production, ranker);
    const [newest] = await w.environments.history({ limit: 1, paths: [`environments/production/search-ranker/`, ".slipway/state"] });
    return {
      head: snapshot.head,
      backends: backendsInGit(await ownedFiles(w)),
      open: state?.kind === "ok" ? state.value.release : null,
      records: [...snapshot.entries.keys()].flatMap((path) => {
        const record = path.startsWith(".slipway/releases/") ? parseRelease(w.environments.text(path) ?? "", path) : undefined;
        return record?.kind === "ok" ? [record.value] : [];
      }),
      held: new Set(
        candidates.flatMap(({ digest }) =>
          [...snapshot.texts.keys()].some((path) => path.includes(`/holds/`) && path.includes(digest.slice(7))) ? [digest] : [],
        ),
      ),
      frozen: frozen && (await stillFrozen(w)),
      policyBroken,
      edited: newest?.authorEmail === "alex@example.com",
      seen: await w.cluster.observe(ranker, production, "models", "gateway-api"),
      now: w.clock.now(),
    };
  }
  return { w, act, moment };
}

/** A freeze that was set long ago has ended. */
async function stillFrozen(w: TestWorld): Promise<boolean> {
  const freeze = [...(await w.environments.snapshot()).texts].find(([path]) => path.startsWith(".slipway/freezes/"))?.[1] ?? "";
  return w.clock.now() < (/^to: "(.*)"$/m.exec(freeze)?.[1] ?? "");
}
