import type { Report } from "#domain/evaluation/report.ts";
import { type Digest, digestSchema, identifierSchema } from "#domain/model/names.ts";

/**
 * One candidate measured on one holdout: each tells people a little about the holdout itself, and choosing the best of many candidates
 * makes the best look better than it is. The same candidate measured again tells nothing new.
 */
export interface Look {
  readonly dataset: Report["dataset"];
  readonly candidate: Digest;
}

/** What a report lets people see, whoever computed it; a report without a measurement shows nothing. */
export function looksOf({ measurements, dataset, candidate }: Report): readonly Look[] {
  if (measurements.length === 0 || !identifierSchema.safeParse(dataset.name).success) return [];
  return [{ dataset: { name: dataset.name, digest: dataset.digest }, candidate: candidate.digest }];
}

/** How many distinct candidates were measured on this dataset. */
export function countLooks(looks: readonly Look[], dataset: Report["dataset"]): number {
  const seen = looks.filter((look) => look.dataset.name === dataset.name && look.dataset.digest === dataset.digest);
  return new Set(seen.map(({ candidate }) => candidate)).size;
}

const key = "Slipway-Look: ";

/** A look as one trailer of a commit message. */
export function printLook({ dataset, candidate }: Look): string {
  return `${key}${dataset.name} ${dataset.digest} ${candidate}`;
}

/** The looks that commit messages name, one a line; every other line is passed over. */
export function parseLooks(messages: string): readonly Look[] {
  return messages.split("\n").flatMap((line) => {
    if (!line.startsWith(key)) return [];
    const [name, dataset, candidate, ...more] = line.slice(key.length).split(" ");
    const read = {
      name: identifierSchema.safeParse(name),
      dataset: digestSchema.safeParse(dataset),
      candidate: digestSchema.safeParse(candidate),
    };
    if (more.length > 0 || !read.name.success || !read.dataset.success || !read.candidate.success) return [];
    return [{ dataset: { name: read.name.data, digest: read.dataset.data }, candidate: read.candidate.data }];
  });
}
