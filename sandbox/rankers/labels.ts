import type { Cranfield, Grades } from "./cranfield.ts";
import { words } from "./tokens.ts";

/** The median question of the collection has 17 words. */
const longestShortQuery = 17;

/** The judgments with a slice column, `length`: whether the question is short or long. It is a property of the question. */
export function labelsCsv(collection: Cranfield, grades: Grades): string {
  const lines = ["query_id,document_id,grade,length"];
  for (const [query, judged] of grades) {
    const length = words(collection.queries.get(query) ?? "").length <= longestShortQuery ? "short" : "long";
    for (const [document, grade] of judged) lines.push(`${query},${document},${grade},${length}`);
  }
  return `${lines.join("\n")}\n`;
}
