import type { PreflightFinding } from "#domain/evaluation/report.ts";

/** Compares what both arms' files say of the judge: a JSON object each, such as {"judge": "…", "prompt": "sha256:…", "temperature": 0}. */
export function judgedAlike(candidate: string, baseline: string | null): readonly PreflightFinding[] {
  const arms = [
    { arm: "candidate", fields: fieldsOf(candidate) },
    ...(baseline === null ? [] : [{ arm: "baseline", fields: fieldsOf(baseline) }]),
  ];
  const unreadable = arms.find(({ fields }) => fields === null || Object.keys(fields).length === 0);
  if (unreadable !== undefined) {
    const message = `The file of evaluation.judgedBy of the ${unreadable.arm} is no JSON object with something in it. Write what the scores were made by, such as {"judge": "…", "prompt": "…"}.`;
    return [{ code: "judged-by-unreadable", verdict: "error", message }];
  }
  const [own, other] = arms.map(({ fields }) => fields ?? {});
  if (own === undefined) return [];
  if (other === undefined) return [{ code: "judges", verdict: "pass", message: `The candidate was judged by ${listOf(own)}.` }];
  const names = [...new Set([...Object.keys(own), ...Object.keys(other)])].toSorted();
  const differing = names.filter((name) => printed(own[name]) !== printed(other[name]));
  if (differing.length === 0) return [{ code: "judges", verdict: "pass", message: `Both arms were judged by ${listOf(own)}.` }];
  const list = differing.map((name) => `${name} is ${textOf(own[name])} for the candidate and ${textOf(other[name])} for the baseline`);
  const message = `The two arms were not judged alike: ${list.join("; ")}. Judge both with the same judge and prompt.`;
  return [{ code: "judges-differ", verdict: "error", message }];
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : null;
  } catch {
    return null;
  }
}

function listOf(fields: Fields): string {
  return Object.keys(fields)
    .toSorted()
    .map((name) => `${name} ${textOf(fields[name])}`)
    .join(", ");
}

const longest = 200;

function textOf(value: unknown): string {
  return printed(value).slice(0, longest);
}

/** The value with its keys in order, so that layout does not matter. */
function printed(value: unknown): string {
  return value === undefined ? "not said" : JSON.stringify(ordered(value));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, own]) => [name, ordered(own)]));
}
