/** Why data that lies elsewhere could not be copied; the message says what to do. */
export class DownloadProblem extends Error {
  override readonly name = "DownloadProblem";
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
