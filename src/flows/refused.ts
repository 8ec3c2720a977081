/** Something cannot be known or used; the message says what to do. */
export class Refused extends Error {
  override readonly name = "Refused";
}
