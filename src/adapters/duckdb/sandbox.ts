import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

export type DuckDbSettings = {
  readonly threads: number;
  /** Such as "1GB"; beyond it DuckDB spills to the temporary directory. */
  readonly memoryLimit: string;
  readonly temporaryDirectory: string;
  /** Rows keep the order of their files, in tables and in answers without another one; else reading is freer, and takes less memory. */
  readonly keepsOrder?: true;
  /** Told of every statement before it runs, for a person who wants to run them again; a database begins with its time zone. */
  readonly onStatement?: (sql: string) => void;
};

/** An open database in memory that can read the given files and nothing else. */
export type Sandbox = {
  readonly connection: DuckDBConnection;
  /** Works on another connection, beside what the first one does; temporary tables and views are not seen there. */
  readonly beside: <T>(work: (connection: DuckDBConnection) => Promise<T>) => Promise<T>;
  readonly close: () => void;
};

/**
 * Opens a locked database: no extensions, no network, no files but the given ones (and DuckDB's own temporary directory), and no way to
 * change that. The order matters: the list must be set before access is switched off, and the lock comes last.
 */
export async function openSandbox(files: readonly string[], settings: DuckDbSettings): Promise<Sandbox> {
  const instance = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
    preserve_insertion_order: settings.keepsOrder === true ? "true" : "false",
    threads: String(settings.threads),
    memory_limit: settings.memoryLimit,
    temp_directory: settings.temporaryDirectory,
  });
  const connect = async (): Promise<DuckDBConnection> => {
    const made = await instance.connect();
    return settings.onStatement === undefined ? made : told(made, settings.onStatement);
  };
  const setting = await instance.connect();
  // A time without an offset means the same on every machine.
  await setting.run(utc);
  settings.onStatement?.(utc);
  await setting.run(`SET allowed_paths = [${files.map(quotedText).join(", ")}]`);
  await setting.run("SET enable_external_access = false");
  await setting.run("SET lock_configuration = true");
  setting.closeSync();
  const connection = await connect();
  const beside = async <T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> => {
    const other = await connect();
    try {
      return await work(other);
    } finally {
      other.closeSync();
    }
  };
  const close = (): void => {
    connection.closeSync();
    instance.closeSync();
  };
  return { connection, beside, close };
}

const utc = "SET GLOBAL TimeZone = 'UTC'";

/** The same connection, whose methods that take a statement say it first. */
function told(connection: DuckDBConnection, tell: (sql: string) => void): DuckDBConnection {
  return new Proxy(connection, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      return (...given: readonly unknown[]): unknown => {
        if ((name === "run" || name === "runAndReadAll" || name === "stream") && typeof given[0] === "string") tell(given[0]);
        return Reflect.apply(member, target, given);
      };
    },
  });
}

/** A name inside SQL: a column of a user's file. */
export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A name of our own that holds a user's words: DuckDB's names ignore case, so that "Acme" and "acme" would be one. */
export function ownName(words: string): string {
  return quotedName(words.replace(/[\p{Lu}^]/gu, (letter) => `^${letter.toLowerCase()}`));
}

/** A text inside SQL, only where SQL takes no parameter (settings, definitions of views). */
export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
