import type { Incidents } from "#ports/incidents.ts";

export interface FakeIssue {
  readonly number: number;
  readonly incident: string;
  readonly title: string;
  readonly body: string;
  readonly closed: boolean;
}

export interface FakeIncidents extends Incidents {
  all(): readonly FakeIssue[];
  /** Writes so far: making so what is so is none. */
  writes(): number;
}

export function fakeIncidents(): FakeIncidents {
  const issues: FakeIssue[] = [];
  let writes = 0;
  return {
    find: async (incident) => issues.find((issue) => issue.incident === incident)?.number,
    async open(incident, { title, body }) {
      const found = issues.find((issue) => issue.incident === incident);
      if (found !== undefined) return found.number;
      writes += 1;
      const number = issues.length + 1;
      issues.push({ number, incident, title, body, closed: false });
      return number;
    },
    async update(number, { body, closed }) {
      const issue = issues[number - 1];
      if (issue === undefined) throw new Error(`there is no issue #${number}`);
      if (issue.body === body && issue.closed === closed) return;
      writes += 1;
      issues[number - 1] = { ...issue, body, closed };
    },
    all: () => [...issues],
    writes: () => writes,
  };
}
