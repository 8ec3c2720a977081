import { z } from "zod";

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

/**
 * What an API call meets in place of its answer. `apply-then-…` does the work first and loses the answer; `hold` gives no answer for as
 * long as the caller waits, so that a caller can be killed exactly there. `barrier` and `apply-then-barrier` wait until the barrier of that
 * name is opened; `race` lets somebody else's commit land first, so a head can move between two reads of it.
 */
export const ApiFault = z.object({
  target: z.literal("api").default("api"),
  method: z.string().default("*"),
  /** A regular expression on the path (without /api/v3). */
  path: z
    .string()
    .default(".*")
    .refine((text) => isPattern(text), "not a regular expression"),
  kind: z.enum([
    "status",
    "secondary-limit",
    "primary-limit",
    "apply-then-502",
    "apply-then-drop",
    "apply-then-hold",
    "apply-then-barrier",
    "delay",
    "drop",
    "hold",
    "barrier",
    "race",
  ]),
  status: z.number().int().default(502),
  /** secondary-limit: its `retry-after`; primary-limit: seconds until the hour's rate is whole again. */
  seconds: z.number().int().nonnegative().default(60),
  /** The barrier's name. */
  name: z.string().default("barrier"),
  /** race: where whose commit lands. */
  repository: z.string().default(""),
  branch: z.string().default("main"),
  file: z.object({ path: z.string(), content: z.string() }).default({ path: "RACE.md", content: "somebody was faster\n" }),
  headers: z.record(z.string(), z.string()).default({}),
  message: z.string().default("Server Error"),
  milliseconds: z.number().int().nonnegative().default(1000),
  /** Matching calls that pass before it strikes. */
  after: z.number().int().nonnegative().default(0),
  times: z.number().int().positive().default(1),
});
export type ApiFault = z.infer<typeof ApiFault>;

export const GitFault = z.object({
  target: z.literal("git"),
  repository: z.string().optional(),
  on: z.enum(["advertise", "fetch", "push"]),
  kind: z.enum(["status", "delay", "race", "cut-request", "cut-response", "hold", "apply-then-hold"]),
  /** hold, apply-then-hold: a regular expression on the key of a push, such as `refs/heads/main after live 5` (see `push-key.ts`). */
  key: z
    .string()
    .default(".*")
    .refine((text) => isPattern(text), "not a regular expression"),
  status: z.number().int().default(500),
  milliseconds: z.number().int().nonnegative().default(1000),
  /** cut-request: bytes that arrive before the line is cut. */
  bytes: z.number().int().positive().default(1),
  /** race: somebody else's commit of this file lands on this branch first. */
  branch: z.string().default("main"),
  file: z.object({ path: z.string(), content: z.string() }).default({ path: "RACE.md", content: "somebody was faster\n" }),
  times: z.number().int().positive().default(1),
});
export type GitFault = z.infer<typeof GitFault>;

export const Fault = z.union([GitFault, ApiFault]);
export type Fault = z.infer<typeof Fault>;

/** Faults wait here and are used up in the order in which they were given. */
export class Faults {
  readonly waiting: Fault[] = [];

  add(fault: Fault): void {
    this.waiting.push({ ...fault });
  }

  clear(): void {
    this.waiting.length = 0;
  }

  forApi(method: string, path: string): ApiFault | undefined {
    for (const fault of this.waiting) {
      if (fault.target !== "api" || (fault.method !== "*" && fault.method !== method) || !new RegExp(fault.path).test(path)) continue;
      if (fault.after > 0) {
        fault.after -= 1;
        continue;
      }
      this.#use(fault);
      return fault;
    }
    return undefined;
  }

  /** Whether pushes are told apart by their keys, so that they must be read before they are served. */
  get holdsPushes(): boolean {
    return this.waiting.some(({ target, kind }) => target === "git" && (kind === "hold" || kind === "apply-then-hold"));
  }

  forGit(on: string, repository: string, key = ""): GitFault | undefined {
    for (const fault of this.waiting) {
      if (fault.target !== "git" || fault.on !== on || (fault.repository ?? repository) !== repository) continue;
      if (!new RegExp(fault.key).test(key)) continue;
      this.#use(fault);
      return fault;
    }
    return undefined;
  }

  #use(fault: Fault): void {
    fault.times -= 1;
    if (fault.times === 0) this.waiting.splice(this.waiting.indexOf(fault), 1);
  }
}
