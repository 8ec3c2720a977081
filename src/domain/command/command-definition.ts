import type { RoleName } from "#domain/policy/policy.ts";
import type { ParsedArguments } from "./grammar.ts";

/** One slash command. Help, the table in the docs, the permission check and "did you mean" all come from this object. */
export interface CommandDefinition<Parsed extends { readonly kind: string }> {
  readonly name: Parsed["kind"];
  /** The whole line, with `<what is filled in>` and `[what may be left out]`. */
  readonly usage: string;
  /** One sentence. */
  readonly summary: string;
  /** Whole lines that can be typed. */
  readonly examples: readonly string[];
  /** The role of the policy that may use it; null: everyone who may comment. */
  readonly role: RoleName | null;
  /** Whether it changes anything: a comment carries at most one such command. */
  readonly mutating: boolean;
  readonly parse: (words: readonly string[]) => ParsedArguments<Parsed>;
}
