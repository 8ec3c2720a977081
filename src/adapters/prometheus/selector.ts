/** Label matchers; a list matches any of its values, each as it is written. */
export type Matchers = Readonly<Record<string, string | readonly string[]>>;

/**
 * Every raw sample of the last so many milliseconds of the series that match: Prometheus gives them as they were scraped, without
 * extrapolating to the edges as `increase()` and `rate()` do.
 */
export function rangeOf(metric: string, matchers: Matchers, milliseconds: number): string {
  const list = Object.entries(matchers).map(([label, value]) =>
    typeof value === "string" ? `${label}=${quoted(value)}` : `${label}=~${quoted(value.map(literally).join("|"))}`,
  );
  return `${metric}{${list.join(",")}}[${milliseconds}ms]`;
}

/** PromQL reads strings as Go does, which reads every escape that JSON writes. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

/** A regular expression (RE2) for exactly this text; Prometheus anchors it at both ends. */
function literally(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`);
}
