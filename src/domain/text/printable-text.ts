/**
 * Untrusted text without what a reader cannot see: control characters, bidirectional overrides, zero-width characters and tags, and
 * without the marks of an HTML comment, so that no one forges the marker by which Slipway finds its own texts.
 * Line breaks of every kind become `\n`; what is too long ends in an ellipsis. What lies far beyond that length is not looked at: marks that
 * are made to nest take one pass a layer.
 */
export function printableText(text: string, atMost: number): string {
  const seen = text
    .toWellFormed()
    .replaceAll(/\r\n?|[\u0085\u2028\u2029\v\f]/g, "\n")
    .replaceAll("\t", " ")
    .replaceAll(invisible, "");
  const near = seen.slice(0, 2 * atMost);
  const unmarked = withoutCommentMarks(near.toWellFormed());
  return near.length === seen.length && unmarked.length <= atMost
    ? unmarked
    : `${unmarked
        .slice(0, atMost - 1)
        .toWellFormed()
        .replace(/\ufffd$/, "")}…`;
}

const invisible =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

/** Removing one mark may join another from its halves, so it goes on until none is left. */
function withoutCommentMarks(text: string): string {
  let left = text;
  for (let previous = ""; left !== previous; ) {
    previous = left;
    left = left.replaceAll(/<!-*|(?<!-)-+-!?>/g, "");
  }
  return left;
}
