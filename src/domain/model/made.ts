import { z } from "zod";

/** What a version is made of beside its digest: objects that name both versions are written anew from it. */
export const madeSchema = z.strictObject({ artifact: z.string(), image: z.string().optional() });
export type Made = Readonly<z.infer<typeof madeSchema>>;
