import { type SimpleGitOptions, simpleGit } from "simple-git";
import type { Git } from "./git.ts";
import { cleaned, GitFailure } from "./git-failure.ts";

/** A command that says nothing for so long is given up; a push that was given up counts as one whose answer was lost. */
const silence = 60_000;

export type GitEnvironment = Readonly<Record<string, string | { toString(): string }>>;

export interface GitProcessSettings {
  readonly folder: string;
  readonly environment: GitEnvironment;
  /** What commands that talk to the remote get besides; asked for before each, since tokens expire. */
  credentials(): Promise<{ readonly environment: GitEnvironment; readonly secrets: readonly string[] }>;
  readonly unsafe: NonNullable<SimpleGitOptions["unsafe"]>;
}

/** Runs git in a folder through simple-git, whose guards refuse arguments and variables that would run other programs. */
export function gitProcess({ folder, environment, credentials, unsafe }: GitProcessSettings): Git {
  const inside = (variables: GitEnvironment, input: string | Buffer | undefined) =>
    simpleGit({
      baseDir: folder,
      unsafe,
      allowEnvironment: Object.keys(variables),
      timeout: { block: silence },
      // The default also ends on the process's exit, and may then lose the last of a large output.
      completion: { onClose: true, onExit: false },
      ...(input === undefined ? {} : { input: () => input }),
    }).env(variables);

  return {
    local: (args, input) => attempt("local", args, [], () => inside(environment, input).raw([...args])),
    objects: (args, input) => attempt("local", args, [], async () => bytesOf(await inside(environment, input).binaryCatFile([...args]))),
    async remote(args, input) {
      const { environment: secretEnvironment, secrets } = await credentials();
      return attempt("remote", args, secrets, () => inside({ ...environment, ...secretEnvironment }, input).raw([...args]));
    },
  };
}

async function attempt<T>(
  where: "local" | "remote",
  args: readonly string[],
  secrets: readonly string[],
  run: () => PromiseLike<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const message = cleaned(`git ${args[0] ?? ""}: ${error instanceof Error ? error.message : String(error)}`, secrets);
    throw new GitFailure(where === "remote" && saidByHost.test(message) ? "remote" : "local", message);
  }
}

/** What else goes wrong while Git talks to the remote, goes wrong in the folder: a damaged cache fails in `git fetch` too. */
const saidByHost =
  /unable to access|returned error|could not read (?:Username|Password)|Authentication failed|could not resolve|unexpected disconnect|RPC failed|hung up|early EOF|timeout reached|rejected\]|not found|remote error|Could not read from remote/i;

function bytesOf(answer: unknown): Buffer {
  if (!Buffer.isBuffer(answer)) throw new TypeError("git cat-file gave no bytes");
  return answer;
}
