/**
 * Git could not do its work. `remote`: the host could not be reached or did not serve us, so nothing is known about what it did;
 * `local`: the folder on this machine is missing or damaged. The cause is left out on purpose: it was not cleaned of secrets.
 */
export class GitFailure extends Error {
  readonly where: "local" | "remote";

  constructor(where: "local" | "remote", message: string) {
    super(message);
    this.name = "GitFailure";
    this.where = where;
  }
}

const longestMessage = 2000;

/** Control characters would let a host write to our terminal; credentials must not reach a log, whoever printed them. */
export function cleaned(message: string, secrets: readonly string[]): string {
  const scrubbed = secrets.filter((secret) => secret !== "").reduce((text, secret) => text.replaceAll(secret, "***"), message);
  return (
    scrubbed
      .replaceAll(/(https?:\/\/)[^/\s@]*@/g, "$1***@")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, " ")
      .trim()
      .slice(0, longestMessage)
  );
}
