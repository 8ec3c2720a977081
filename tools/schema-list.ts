import type { z } from "zod";

export interface PublishedSchema {
  /** Relative to the root of the repository. */
  readonly file: string;
  readonly title: string;
  readonly make: () => z.ZodType;
}

/** The schemas that people's editors and other programs rely on; one line publishes one more. */
export const publishedSchemas: readonly PublishedSchema[] = [];
