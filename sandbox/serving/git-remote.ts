import { execFile } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The parts of the environments repository that the agent reads. It only fetches: it never pushes. */
export type GitRemote = {
  /** The commit at the tip of the default branch. */
  tip(): Promise<string>;
  /** Fetches, and reads the YAML files under a folder at the tip that came. */
  snapshot(folder: string): Promise<Snapshot>;
};

export type Snapshot = { readonly commit: string; readonly files: ReadonlyMap<string, string> };

export type GitRemoteOptions = {
  readonly url: string;
  /** Read before each request, so that a token may be renewed while the agent runs. */
  readonly tokenFile: string | undefined;
  /** A bare clone, kept as a cache. */
  readonly cache: string;
};

export function gitRemote({ url, tokenFile, cache }: GitRemoteOptions): GitRemote {
  const credentials = (): string | undefined => {
    const token = tokenFile === undefined ? "" : readFileSync(tokenFile, "utf8").trim();
    return token === "" ? undefined : `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
  };
  const git = async (...words: string[]): Promise<string> => {
    const { stdout } = await run("git", words, {
      cwd: cache,
      env: gitEnvironment(credentials()),
      maxBuffer: 64 * 1024 * 1024,
      timeout: 10_000,
    });
    return stdout;
  };
  let ready: Promise<unknown> | undefined;
  return {
    tip: () => (url.startsWith("http") ? advertisedTip(url, credentials()) : listedTip(url)),
    async snapshot(folder) {
      mkdirSync(cache, { recursive: true });
      ready ??= git("init", "--quiet", "--bare");
      await ready;
      await git("fetch", "--quiet", "--depth", "1", "--no-tags", url, "HEAD");
      const commit = (await git("rev-parse", "FETCH_HEAD")).trim();
      const listed = await git("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, `${folder}/`);
      const paths = listed.split("\0").filter((path) => /\.ya?ml$/.test(path));
      const files = await Promise.all(paths.map(async (path) => [path, await git("cat-file", "blob", `${commit}:${path}`)] as const));
      return { commit, files: new Map(files) };
    },
  };
}

/** The token travels in the environment, so no process list shows it. */
function gitEnvironment(authorization: string | undefined): NodeJS.ProcessEnv {
  const plain = { ...process.env, GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
  if (authorization === undefined) return plain;
  return { ...plain, GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "http.extraHeader", GIT_CONFIG_VALUE_0: `Authorization: ${authorization}` };
}

/**
 * Asks for the advertisement of refs and reads HEAD off its first line: what `git ls-remote` does, without starting a process ten times
 * a second. Lines are `<4 hex digits of length><sha> <ref>`; the first packet names the service, the first ref is HEAD.
 */
async function advertisedTip(url: string, authorization: string | undefined): Promise<string> {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  const response = await fetch(`${url}/info/refs?service=git-upload-pack`, { headers, signal: AbortSignal.timeout(5_000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status} when asked for its refs`);
  const head = /([0-9a-f]{40}) HEAD(?![\w/])/.exec(text)?.[1];
  if (head === undefined) throw new Error(`${url} advertises no HEAD: is its default branch empty?`);
  return head;
}

async function listedTip(url: string): Promise<string> {
  const { stdout } = await run("git", ["ls-remote", url, "HEAD"], { env: gitEnvironment(undefined), timeout: 10_000 });
  const head = /^[0-9a-f]{40}/.exec(stdout)?.[0];
  if (head === undefined) throw new Error(`${url} has no HEAD: is its default branch empty?`);
  return head;
}
