import { inspect } from "node:util";

/**
 * A value for the environment of a child process that no log shows: simple-git prints the whole environment when `DEBUG=simple-git` is
 * set, and there this prints as `[hidden]`. Node turns it into text when it starts the process.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }

  toJSON(): string {
    return "[hidden]";
  }

  [inspect.custom](): string {
    return "[hidden]";
  }
}
