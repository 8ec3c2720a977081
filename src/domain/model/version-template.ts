import { versionLabelSchema } from "#domain/model/names.ts";

/** Where both arms' predictions lie, by one template with `{version}`, and what stands for it. */
export interface VersionTemplate {
  readonly template: string;
  readonly candidate: string;
  readonly baseline: string;
}

/**
 * The template that two paths have in common: `runs/{version}.parquet` for `runs/new.parquet` and `runs/old.parquet`. They may differ in one
 * step of the path; within a file's name the version is what differs, grown to where a word or a number begins.
 *
 * @returns null when no version label could stand for what differs
 */
export function versionTemplate(candidate: string, baseline: string): VersionTemplate | null {
  const [own, other] = [candidate.split("/"), baseline.split("/")];
  if (own.length !== other.length) return null;
  const differing = own.flatMap((step, index) => (step === other[index] ? [] : [index]));
  const [at, ...more] = differing;
  if (at === undefined) return null;
  const steps = [own[at] ?? "", other[at] ?? ""] as const;
  if (more.length > 0) return null;
  const [start, end] = commonEnds(...steps);
  const labels = steps.map((step) => step.slice(start, step.length - end));
  const [first = "", second = ""] = labels;
  if (!labels.every((label) => versionLabelSchema.safeParse(label).success)) return null;
  const template = own.with(at, `${steps[0].slice(0, start)}{version}${steps[0].slice(steps[0].length - end)}`).join("/");
  return { template, candidate: first, baseline: second };
}

/** How many characters of both names stand before and after the version. */
function commonEnds(own: string, other: string): readonly [number, number] {
  const least = Math.min(own.length, other.length);
  let start = 0;
  while (start < least && own[start] === other[start]) start += 1;
  let end = 0;
  while (end < least - start && own.at(-1 - end) === other.at(-1 - end)) end += 1;
  const before = own.slice(0, start);
  // A version begins with its first number (2026.11.20-3, v12), else with a word.
  const number = /(?:^|[-_.])(?=v?\d)/.exec(before);
  const word = /^.*[-_.]/.exec(before);
  const after = own.slice(own.length - end);
  const ending = /\.[a-z]+(?:\.gz)?$/i.exec(after);
  return [number !== null ? number.index + number[0].length : (word?.[0].length ?? 0), ending === null ? 0 : ending[0].length];
}
