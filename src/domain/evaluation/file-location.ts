/** What a location of model.yaml points to: a file of its own tree, something elsewhere, or nothing that may be read. */
export type FileLocation =
  /** Relative to the root of the tree. */
  | { readonly kind: "in-tree"; readonly path: string }
  | { readonly kind: "remote"; readonly uri: string }
  | { readonly kind: "refused"; readonly reason: string };

const scheme = /^[a-z][a-z0-9+.-]*:/i;

/** @param folder of the model.yaml that says it, relative to the root of the tree; "" is the root */
export function fileLocation(written: string, folder: string): FileLocation {
  if (scheme.test(written)) return { kind: "remote", uri: written };
  if (written.startsWith("/")) return { kind: "refused", reason: "a path is relative to model.yaml, and this one is absolute" };
  if (written.includes("\\")) return { kind: "refused", reason: "a path is written with /, and this one holds a backslash" };
  const parts: string[] = [];
  for (const part of `${folder}/${written}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return { kind: "refused", reason: "it leads out of the repository" };
  }
  return parts.length === 0 ? { kind: "refused", reason: "it names no file" } : { kind: "in-tree", path: parts.join("/") };
}
