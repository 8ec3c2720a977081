/** What a verb may touch of the process that runs it. */
export interface Io {
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The result, for people or as one JSON document. */
  out(text: string): void;
  /** Everything else. */
  note(text: string): void;
  /** Asks the person at the terminal; undefined where there is none. */
  readonly ask?: (question: string) => Promise<string>;
}

/** The arguments of one call, read by the verb's own options. */
export interface Given {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  flag(name: string): boolean;
}

export interface Option {
  /** What stands for the value in help; left out for an option without one. */
  readonly value?: string;
  readonly about: string;
}

/** One verb of the command line: grammar, help and examples beside what it does. */
export interface Verb {
  /** The words after the verb, as help shows them. */
  readonly words: string;
  readonly options: Readonly<Record<string, Option>>;
  /** What a reader should know beside the options, a paragraph each. */
  readonly notes: readonly string[];
  readonly examples: readonly string[];
  /** @returns the exit code */
  run(given: Given, io: Io): Promise<number>;
}

/** What is known of a verb before it is loaded. */
export interface ListedVerb {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Verb>;
}

export const exitCodes = {
  /** Done, or a verdict of `pass`. */
  done: 0,
  /** Something is not as it should be: invalid files, a refused adoption. */
  refused: 1,
  /** `EX_USAGE` of sysexits.h. */
  wrongUsage: 64,
  /** `EX_SOFTWARE`: a fault of Slipway or of the machine. */
  broken: 70,
} as const;

/** The call makes no sense as it is written; the message says what to write instead. */
export class WrongUsage extends Error {
  override readonly name = "WrongUsage";
}

export const jsonOption: Option = { about: "print one JSON document on standard output, everything else on standard error" };
