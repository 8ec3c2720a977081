import { createHash } from "node:crypto";
import { byBytes } from "#domain/evaluation/by-bytes.ts";
import { digestSchema } from "#domain/model/names.ts";
import type { LocatedFile, Workspace } from "#ports/workspace.ts";

/** Where a path leads that is no file. */
export type Oddity = { readonly kind: "link" } | { readonly kind: "folder" };

/** A tree in memory. A located file is called by its path with `name` before it, so that a test sees of which tree it is. */
export function fakeWorkspace(name: string, files: Readonly<Record<string, string | Oddity>>): Workspace {
  const prefix = `${name}:`;
  const contentOf = (path: string): string | Oddity | undefined => (Object.hasOwn(files, path) ? files[path] : undefined);
  const locate = (path: string): LocatedFile => {
    const parts = path.split("/");
    if (parts.some((part) => part === "" || part === "." || part === ".."))
      return { kind: "refused", reason: "it is no plain path below the root of the repository" };
    if (parts[0]?.toLowerCase() === ".git") return { kind: "refused", reason: "it lies in .git" };
    for (let length = 1; length <= parts.length; length += 1) {
      const way = parts.slice(0, length).join("/");
      const content = contentOf(way);
      if (typeof content === "object" && content.kind === "link") return { kind: "refused", reason: `${way} is a symbolic link` };
    }
    const content = contentOf(path);
    if (typeof content === "string") return { kind: "file", file: `${prefix}${path}` };
    const isFolder = content?.kind === "folder" || Object.keys(files).some((known) => known.startsWith(`${path}/`));
    return isFolder ? { kind: "refused", reason: "it is a folder" } : { kind: "missing" };
  };
  return {
    locate: async (path) => locate(path),
    text: async (path) => {
      const located = locate(path);
      return located.kind === "file" ? { kind: "text", text: String(contentOf(path)) } : located;
    },
    matching: async (pattern) => {
      if (pattern.split("/").some((part) => part === "" || part === "." || part === ".."))
        return { kind: "refused", reason: "it is no plain path below the root of the repository" };
      if (/^\.git\//i.test(pattern)) return { kind: "refused", reason: "it lies in .git" };
      const fits = new RegExp(`^${pattern.replaceAll(/[^*\w/=-]/g, "\\$&").replaceAll("*", "[^/]*")}$`);
      const paths = Object.keys(files).filter((path) => typeof files[path] === "string" && fits.test(path) && !/(?:^|\/)\./.test(path));
      return { kind: "files", files: paths.toSorted(byBytes).map((path) => ({ path, file: `${prefix}${path}` })) };
    },
    size: async (file) => Buffer.byteLength(String(contentOf(file.slice(prefix.length)))),
    digest: async (file) => {
      const content = contentOf(file.slice(prefix.length));
      return digestSchema.parse(`sha256:${createHash("sha256").update(String(content)).digest("hex")}`);
    },
  };
}
