import { z } from "zod";

/** What a port throws when a permission is missing, as far as it is looked at here: names of permissions and of a repository, no other text. */
const blockedSchema = z.object({ needs: z.string().regex(/^[\w.:,/ -]+$/) });

/** Words for a check, in the place where people wonder why nothing happens. */
export interface Blocked {
  /** `Blocked: needs checks: write on acme/models` */
  readonly title: string;
  /** Markdown: what to do about it, and who can. */
  readonly summary: string;
}

/** undefined when a missing permission is not the reason of a failure. */
export function blockedBy(error: unknown): Blocked | undefined {
  const { data } = blockedSchema.safeParse(error);
  if (data === undefined) return undefined;
  return {
    title: `Blocked: needs ${data.needs}`,
    summary: `Slipway is blocked: it needs \`${data.needs}\`. An owner grants it in the App's installation settings; the next resync goes on by itself.`,
  };
}
