import { z } from "zod";
import { commitShaSchema } from "#domain/model/names.ts";

/** What lists and single answers have in common. */
export const pullRequestSchema = z.object({
  number: z.number().int(),
  title: z.string(),
  state: z.enum(["open", "closed"]),
  draft: z.boolean().optional(),
  merged_at: z.string().nullable(),
  user: z.object({ login: z.string() }).nullable(),
  head: z.object({ sha: commitShaSchema, repo: z.object({ id: z.number().int() }).nullable() }),
  base: z.object({ ref: z.string(), sha: commitShaSchema }),
});
export type PullRequest = z.infer<typeof pullRequestSchema>;
