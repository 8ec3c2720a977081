import type { ListedVerb } from "./verb.ts";

/** Every verb with what the overview says of it. What it does is loaded when it is asked for: a verb's machinery takes longer to load than the rest. */
export const verbs: readonly ListedVerb[] = [
  {
    name: "init",
    summary:
      "Writes a commented model.yaml from a look at two predictions files: columns and task guessed, gates with margins that they can prove.",
    load: async () => (await import("./init.ts")).init,
  },
  {
    name: "validate",
    summary: "Reads model.yaml, policy.yaml and slipway.yaml and says everything that is wrong with them, with line and column.",
    load: async () => (await import("./validate.ts")).validate,
  },
  {
    name: "evaluate",
    summary: "Measures a model's predictions against those of its baseline and judges its gates.",
    load: async () => (await import("./evaluate.ts")).evaluate,
  },
  {
    name: "report",
    summary: "Shows a report that was made before: for a terminal, or as one HTML page with plots.",
    load: async () => (await import("./report.ts")).report,
  },
  {
    name: "compare",
    summary: "Shows two reports side by side: verdicts, gates that changed, and what each candidate reached.",
    load: async () => (await import("./compare.ts")).compare,
  },
  {
    name: "metrics",
    summary: "Lists what evaluation.metrics can name: direction, range and default convention; of one metric, its formula and options.",
    load: async () => (await import("./metrics.ts")).metrics,
  },
  {
    name: "adopt",
    summary: "Records what already serves an environment as live and verified: the way in for models that were there before Slipway.",
    load: async () => (await import("./adopt.ts")).adopt,
  },
  {
    name: "manifests",
    summary:
      "Writes the manifests of one version that has all the traffic, a Deployment and an HTTPRoute or what the target wants, for a person to commit: a model's first manifests.",
    load: async () => (await import("./manifests.ts")).manifests,
  },
  {
    name: "archive",
    summary:
      "Moves what has ended to the branch slipway/archive of the environments repository: nothing is lost, and what is in use stays small.",
    load: async () => (await import("./archive.ts")).archive,
  },
  {
    name: "audit",
    summary: "Says of every commit of the environments repository who asked for what, on which evidence, under which policy, and when.",
    load: async () => (await import("./audit.ts")).audit,
  },
  {
    name: "dora",
    summary:
      "Computes deployment frequency, lead time, change-fail rate and time to restore from the environments repository's Git history alone.",
    load: async () => (await import("./dora.ts")).dora,
  },
  {
    name: "doctor",
    summary:
      "Examines an installation of the App: settings, GitHub, permissions, webhooks, clock, policy, stuck releases, stale locks; says what to do.",
    load: async () => (await import("./doctor.ts")).doctor,
  },
  {
    name: "status",
    summary:
      "Says where each model stands in each environment, what blocks it and who can unblock it, from the environments repository alone.",
    load: async () => (await import("./status.ts")).status,
  },
  {
    name: "policy",
    summary: "Runs the table of tests beside a policy, or says why the policy lets somebody do something, or does not.",
    load: async () => (await import("./policy.ts")).policy,
  },
];
