import type { ManifestTemplate } from "#domain/manifest/target.ts";

/** Renders the shipped templates, or the overrides of the environments repository. Each output type escapes what it is given. */
export interface Templates {
  render(name: TemplateName, view: object, overrides?: ReadonlyMap<string, string>): string;
}

export type TemplateName =
  | "comment.md"
  | "check.md"
  | "answer.md"
  | "rollback-pull-request.md"
  | "remove-route-pull-request.md"
  | "incident.md"
  | ManifestTemplate;
