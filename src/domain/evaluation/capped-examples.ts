import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { Example, Examples } from "./report.ts";

const mostIdCharacters = 80;
/** Reports are kept in Git for good, one a run. */
const mostBytes = 200_000;

/** Examples with long ids cut and lists of as many places as fit: what helps to look must not make a report large. */
export function cappedExamples(examples: Examples): Examples {
  const cut = withEach(examples, shortened);
  let capped = cut;
  for (let places = 20; places > 0 && sizeOf(capped) > mostBytes; places = Math.floor(places / 2))
    capped = withEach(cut, (example) => firstPlaces(example, places));
  return capped;
}

function withEach(examples: Examples, change: (example: Example) => Example): Examples {
  return { ...examples, wins: examples.wins.map(change), losses: examples.losses.map(change) };
}

function shortened({ lists, row, ...example }: Example): Example {
  const items = (list: NonNullable<Example["lists"]>["candidate"]) => list.map((listed) => ({ ...listed, item: cutText(listed.item) }));
  const predicted = (arm: NonNullable<Example["row"]>["candidate"]) =>
    arm.class === undefined ? arm : { ...arm, class: cutText(arm.class) };
  return {
    ...example,
    id: cutText(example.id),
    ...(lists && { lists: { baseline: items(lists.baseline), candidate: items(lists.candidate) } }),
    ...(row && {
      row: {
        label: typeof row.label === "string" ? cutText(row.label) : row.label,
        baseline: predicted(row.baseline),
        candidate: predicted(row.candidate),
      },
    }),
  };
}

function firstPlaces({ lists, ...example }: Example, places: number): Example {
  if (lists === undefined) return example;
  return { ...example, lists: { baseline: lists.baseline.slice(0, places), candidate: lists.candidate.slice(0, places) } };
}

function cutText(text: string): string {
  const characters = [...text];
  return characters.length <= mostIdCharacters ? text : `${characters.slice(0, mostIdCharacters).join("")}…`;
}

/** As the report prints it. */
function sizeOf(examples: Examples): number {
  return utf8ToBytes(JSON.stringify({ examples }, null, 2)).length;
}
