import { millisecondsBetween } from "#domain/model/time.ts";
import { dayOf } from "./history-view.ts";
import type { Background } from "./judgement.ts";

const day = 86_400_000;

/** How old the numbers and what they are compared with were: `evaluated 2026-11-20, baseline live since 2026-11-02 (18 days before)`. */
export function agesText(background: Background | undefined): string | null {
  if (background === undefined || background.evaluatedAt === null) return null;
  const { evaluatedAt, liveSince } = background;
  const evaluated = `evaluated ${dayOf(evaluatedAt)}`;
  if (liveSince === null) return evaluated;
  const days = Math.floor(millisecondsBetween(liveSince, evaluatedAt) / day);
  if (days < 0) return `${evaluated}, baseline live since ${dayOf(liveSince)}`;
  return `${evaluated}, baseline live since ${dayOf(liveSince)} (${days} ${days === 1 ? "day" : "days"} before)`;
}
