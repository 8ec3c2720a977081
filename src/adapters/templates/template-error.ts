/** A template cannot be used: it breaks a rule when it is loaded, or its view lacks what it names. `template` is its file name. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly template: string;

  constructor(template: string, line: number | undefined, what: string) {
    super(`${template}${line === undefined ? "" : `:${line}`} ${what}`);
    this.template = template;
  }
}
