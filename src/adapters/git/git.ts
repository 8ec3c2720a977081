/** Git in one repository. Arguments never hold untrusted text that could be an option: see `safe-names.ts`. */
export interface Git {
  /** Meant for what is on this machine: in the cached clone the network is closed to it, so a missing object is seen as missing. */
  local(args: readonly string[], input?: string | Buffer): Promise<string>;
  /** May talk to the remote `origin`, with its credentials. */
  remote(args: readonly string[], input?: string | Buffer): Promise<string>;
  /** `git cat-file`, as bytes; local. */
  objects(args: readonly string[], input: string): Promise<Buffer>;
}

/** A clone of one repository, used by one piece of work at a time. */
export interface Clone {
  use<T>(work: (git: Git) => Promise<T>): Promise<T>;
}

/** How commits are signed: name and address. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}
