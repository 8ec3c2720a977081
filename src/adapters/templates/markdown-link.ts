import { markdownText } from "./markdown-text.ts";

/** A link to an https address, or to the GitHub that the App is set up for. Any other address is left out and the words stay. */
export function markdownLink(text: string, address: string, github: URL): string {
  const words = markdownText(text);
  const url = URL.parse(address);
  if (url === null || url.username !== "" || url.password !== "") return words;
  if (url.protocol !== "https:" && url.origin !== github.origin) return words;
  return `[${words === "" ? "link" : words}](${url.href.replaceAll(/[()<>[\]\\`*_~|"'@!]/g, percentEncoded)})`;
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
