import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A person's own clone of a repository, in a folder, with their name on the commits. */
export class Checkout {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async of(url: string, folder: string, login: string): Promise<Checkout> {
    await rm(folder, { recursive: true, force: true });
    await mkdir(dirname(folder), { recursive: true });
    await run("git", ["clone", "--quiet", url, folder], { env: gitEnvironment() });
    const checkout = new Checkout(folder);
    await checkout.git("config", "user.name", login);
    await checkout.git("config", "user.email", `${login}@acme.example`);
    return checkout;
  }

  async git(...argv: readonly string[]): Promise<string> {
    const { stdout } = await run("git", argv, { cwd: this.folder, env: gitEnvironment(), maxBuffer: 64 * 1024 * 1024 });
    return stdout.trimEnd();
  }

  /** Starts a branch from the newest default branch. */
  async branch(name: string): Promise<void> {
    await this.git("fetch", "--quiet", "origin");
    await this.git("switch", "--quiet", "--force-create", name, "origin/main");
  }

  async write(path: string, content: string | Uint8Array): Promise<void> {
    const file = join(this.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  async read(path: string): Promise<string> {
    return readFile(join(this.folder, path), "utf8");
  }

  /** Commits everything and pushes the current branch; answers the commit. */
  async push(message: string): Promise<string> {
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--message", message);
    await this.git("push", "--quiet", "--force", "origin", "HEAD");
    return this.git("rev-parse", "HEAD");
  }

  async pull(): Promise<void> {
    await this.git("fetch", "--quiet", "origin");
    await this.git("switch", "--quiet", "main");
    await this.git("reset", "--quiet", "--hard", "origin/main");
  }
}

/** Only what git needs: nothing of the machine's configuration colours what the demo shows. */
function gitEnvironment(): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
  };
}
