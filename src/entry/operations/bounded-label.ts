/** A label's value when it is on the list, else `other`: what comes from outside never makes a series of its own. */
export function oneOf(known: readonly string[], value: unknown): string {
  return typeof value === "string" && known.includes(value) ? value : "other";
}

/** What tasks are called, before the number or name of what they are about. */
const taskKinds = [
  "repositories",
  "resync",
  "pull request",
  "merge queue",
  "closed pull requests",
  "comment",
  "check",
  "run",
  "open releases",
  "release",
];

/** `pull request 7` is a `pull request`. */
export function taskKind(key: string): string {
  return taskKinds.find((kind) => key === kind || key.startsWith(`${kind} `)) ?? "other";
}
