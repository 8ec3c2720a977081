/** The command line: finds the verb, runs it, and turns what it throws into words. */
import { nearest } from "#domain/text/nearest.ts";
import { helpFor, overview } from "./help.ts";
import { readArguments } from "./read-arguments.ts";
import { terminalText } from "./terminal-text.ts";
import { exitCodes, type Io, type ListedVerb, WrongUsage } from "./verb.ts";
import { verbs } from "./verbs.ts";

const isTerminal = process.stdin.isTTY && process.stderr.isTTY;

const io: Io = {
  workingFolder: whereThePersonIs(),
  environment: process.env,
  out: (text) => process.stdout.write(text),
  note: (text) => process.stderr.write(text),
  ...(isTerminal && { ask: askOnTerminal }),
};

// A reader that has seen enough (`| head`) is no fault of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

process.exitCode = await main(process.argv.slice(2));

async function main([word, ...rest]: readonly string[]): Promise<number> {
  try {
    if (word === undefined) throw new WrongUsage(`slipway needs a verb: ${verbs.map(({ name }) => name).join(", ")} or help`);
    if (word === "--version") return say(`${(await import("#entry/product.ts")).productVersion()}\n`);
    if (word === "help" || word === "--help" || word === "-h")
      return say(rest[0] === undefined ? overview(verbs) : await helpOf(verbNamed(rest[0])));
    const listed = verbNamed(word);
    if (rest.includes("--help") || rest.includes("-h")) return say(await helpOf(listed));
    const verb = await listed.load();
    return await verb.run(readArguments(listed.name, verb, rest), io);
  } catch (error) {
    if (error instanceof WrongUsage) {
      io.note(`slipway: ${terminalText(error.message)}\n`);
      return exitCodes.wrongUsage;
    }
    io.note(`slipway: ${terminalText(error instanceof Error ? error.message : String(error))}\n`);
    return exitCodes.broken;
  }
}

/** `npm run` changes to the project's folder, and paths are meant from where it was typed. */
function whereThePersonIs(): string {
  const { npm_lifecycle_event: script, INIT_CWD: typedIn } = process.env;
  return script === "slipway" && typedIn !== undefined ? typedIn : process.cwd();
}

async function helpOf(listed: ListedVerb): Promise<string> {
  return helpFor(listed, await listed.load());
}

function verbNamed(word: string): ListedVerb {
  const verb = verbs.find(({ name }) => name === word);
  if (verb !== undefined) return verb;
  const meant = nearest(
    word,
    verbs.map(({ name }) => name),
  );
  throw new WrongUsage(
    `there is no verb ${JSON.stringify(word)}; ${meant === undefined ? `verbs are ${verbs.map(({ name }) => name).join(", ")} and help` : `did you mean ${meant}?`}`,
  );
}

/** The last line is the prompt. */
async function askOnTerminal(question: string): Promise<string> {
  const prompt = question.lastIndexOf("\n") + 1;
  io.note(question.slice(0, prompt));
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question.slice(prompt));
  } catch (error) {
    // Ctrl-C or Ctrl-D
    if (error instanceof Error && error.name === "AbortError") throw new WrongUsage("nothing was answered, so nothing is done");
    throw error;
  } finally {
    terminal.close();
  }
}

function say(text: string): number {
  io.out(text);
  return exitCodes.done;
}
