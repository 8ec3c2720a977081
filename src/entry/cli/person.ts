import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { type Login, loginSchema } from "#domain/model/names.ts";
import { namedOrNone } from "./named.ts";
import { type Given, type Io, type Option, WrongUsage } from "./verb.ts";

/** Of the verbs that write to the environments repository as the person who types them. */
export const personOptions = {
  repository: { value: "<folder>", about: "a clone of the environments repository; the folder you are in, when left out" },
  login: { value: "<login>", about: "your GitHub login, for the record; else git's github.user or what your e-mail address says" },
} as const satisfies Readonly<Record<string, Option>>;

export function repositoryFolder(given: Given, io: Io): string {
  return resolve(io.workingFolder, given.text("repository") ?? ".");
}

/** Who asks, as far as the options or Git know. */
export async function loginOf(given: Given, io: Io): Promise<Login> {
  return namedOrNone(loginSchema, given.text("login"), "--login") ?? (await loginFromGit(repositoryFolder(given, io)));
}

/** Only for the record: what counts is the committer and who may push. */
async function loginFromGit(folder: string): Promise<Login> {
  const config = async (key: string): Promise<string> => {
    const read = await promisify(execFile)("git", ["-C", folder, "config", "--get", key]).catch(() => ({ stdout: "" }));
    return read.stdout.trim();
  };
  const email = await config("user.email");
  const candidates = [
    await config("github.user"),
    /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/i.exec(email)?.[1],
    await config("user.name"),
    email.split("@")[0],
  ];
  const login = candidates.flatMap((written) => loginSchema.safeParse(written).data ?? [])[0];
  if (login === undefined)
    throw new WrongUsage("who asks? Name your GitHub login with --login, or set it: git config --global github.user <login>");
  return login;
}
