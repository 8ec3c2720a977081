/** Tells the story on the terminal, and shows what it waits for while it waits. */
export class Narrator {
  readonly #out: NodeJS.WriteStream;
  #loud = true;
  #waiting: { readonly what: string; readonly since: number; readonly timer: NodeJS.Timeout } | undefined;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  /** Acts before the one that was asked for are played, not told. */
  set loud(loud: boolean) {
    this.#loud = loud;
  }

  act(number: number, title: string): void {
    this.#print(`\n${"━".repeat(78)}\nAct ${number}. ${title}\n${"━".repeat(78)}\n`);
  }

  say(text: string): void {
    this.#print(`${text}\n`);
  }

  /** Something that a process of the story really produced. */
  show(title: string, text: string): void {
    const lines = text
      .trimEnd()
      .split("\n")
      .map((line) => `  │ ${line}`);
    this.#print(`\n  ┌ ${title}\n${lines.join("\n")}\n  └\n`);
  }

  /** Runs something that takes a while, with a line that says what is awaited. */
  async wait<Answer>(what: string, work: Promise<Answer>): Promise<Answer> {
    const since = Date.now();
    const timer = setInterval(() => this.#progress(), 1000);
    this.#waiting = { what, since, timer };
    this.#progress();
    try {
      return await work;
    } finally {
      clearInterval(timer);
      this.#erase();
      this.#waiting = undefined;
    }
  }

  #progress(): void {
    if (this.#waiting === undefined || !this.#loud || !this.#out.isTTY) return;
    const seconds = Math.round((Date.now() - this.#waiting.since) / 1000);
    this.#out.write(`\r\u001b[K  … ${this.#waiting.what} (${seconds} s)`);
  }

  #erase(): void {
    if (this.#out.isTTY && this.#loud) this.#out.write("\r\u001b[K");
  }

  #print(text: string): void {
    if (!this.#loud) return;
    this.#erase();
    this.#out.write(text);
    this.#progress();
  }
}
