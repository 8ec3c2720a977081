import { z } from "zod";

/** A commit as people write it in a command, from 7 digits to all 40. It says nothing until it is looked up among what was evaluated. */
export const shaPrefixSchema = z
  .string()
  .regex(/^[0-9a-f]{7,40}$/, "a commit is written with 7 to 40 hexadecimal digits")
  .brand<"ShaPrefix">();
export type ShaPrefix = z.infer<typeof shaPrefixSchema>;
