/**
 * What GitHub makes of each line of a rendered template, without its words: headings, list items, quotes, fences, and for a row of a
 * table how many cells it has. Two texts of one shape differ only in what their cells and sentences say.
 */
export function markdownShape(text: string): readonly string[] {
  let fence: string | undefined;
  return text.split("\n").map((line) => {
    const opened = /^(`{3,})(?:text)?$/.exec(line)?.[1];
    if (fence === undefined && opened !== undefined) {
      fence = opened;
      return "fence opens";
    }
    if (fence !== undefined) {
      if (line !== fence) return "inside of a fence";
      fence = undefined;
      return "fence closes";
    }
    if (line.trim() === "") return "blank";
    if (line.startsWith("|")) return `row of ${cellsIn(line)}`;
    return /^(?:#{1,6} |- \[.\] |- |\d+\. |> ?(?:\[!\w+\])?|---$|<!--.*-->$|<\/?(?:details|summary|sub)>)/.exec(line)?.[0] ?? "text";
  });
}

/** GFM splits a row at every pipe that no backslash precedes, even in code. */
function cellsIn(line: string): number {
  return (line.match(/(?<!\\)(?:\\\\)*\|/g) ?? []).length - 1;
}
