import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { incidents } from "#adapters/github/incidents.ts";
import type { Incidents } from "#ports/incidents.ts";
import { environments, type GitHubSandbox, startGitHubSandbox } from "#test/adapters/github/github-sandbox.ts";
import { fakeIncidents } from "#test/support/fakes/incidents.ts";

interface Subject {
  readonly incidents: Incidents;
  /** What people see of an issue, without the marker. */
  issue(number: number): Promise<{ readonly title: string; readonly body: string; readonly closed: boolean } | undefined>;
}

function onFake(): Subject {
  const fake = fakeIncidents();
  return {
    incidents: fake,
    async issue(number) {
      const found = fake.all().find((issue) => issue.number === number);
      return found === undefined ? undefined : { title: found.title, body: found.body, closed: found.closed };
    },
  };
}

function onGitHub(sandbox: GitHubSandbox): Subject {
  return {
    incidents: incidents(sandbox.github, environments),
    async issue(number) {
      const found = sandbox.repository(environments).issues.find((issue) => issue.number === number);
      if (found === undefined) return undefined;
      return {
        title: found.title,
        body: (found.body ?? "").replace(/^<!-- slipway:incident \S+ -->\n/, ""),
        closed: found.state === "closed",
      };
    },
  };
}

let sandbox: GitHubSandbox;
beforeAll(async () => {
  sandbox = await startGitHubSandbox();
});
afterAll(() => sandbox.close());

let names = 0;
const subjects: readonly [string, () => Subject][] = [
  ["the fake", onFake],
  ["GitHub", () => onGitHub(sandbox)],
];

describe.each(subjects)("Incidents on %s", (_name, make) => {
  const text = { title: "Latency of search-ranker", body: "First bad request: 08:00." };

  it("opens one issue an incident, and finds it again", async () => {
    const { incidents, issue } = make();
    const [one, other] = [`i-${++names}`, `i-${++names}`];
    expect(await incidents.find(one)).toBeUndefined();
    const number = await incidents.open(one, text);
    expect(await incidents.open(one, text)).toBe(number);
    expect(await incidents.find(one)).toBe(number);
    expect(await incidents.open(other, text)).not.toBe(number);
    expect(await issue(number)).toEqual({ ...text, closed: false });
  });

  it("makes text and state so, closes, opens again, and finds a closed one", async () => {
    const { incidents, issue } = make();
    const id = `i-${++names}`;
    const number = await incidents.open(id, text);
    await incidents.update(number, { body: "Rolled back.", closed: true });
    expect(await issue(number)).toEqual({ title: text.title, body: "Rolled back.", closed: true });
    expect(await incidents.find(id)).toBe(number);
    await incidents.update(number, { body: "It is back.", closed: false });
    expect(await issue(number)).toEqual({ title: text.title, body: "It is back.", closed: false });
  });
});
