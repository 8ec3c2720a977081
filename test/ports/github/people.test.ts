import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "#adapters/github/people.ts";
import type { PermissionLevel } from "#domain/policy/policy.ts";
import type { People } from "#ports/people.ts";
import { type GitHubSandbox, models, startGitHubSandbox } from "#test/adapters/github/github-sandbox.ts";
import { fakePeople } from "#test/support/fakes/people.ts";

interface Subject {
  readonly people: People;
  permit(login: string, permission: PermissionLevel): Promise<void>;
  join(login: string, team: string): Promise<void>;
  fail(): Promise<void>;
}

function onFake(): Subject {
  const fake = fakePeople();
  return {
    people: fake,
    permit: async (login, permission) => fake.permit(login, permission),
    join: async (login, team) => fake.join(login, team),
    fail: async () => fake.fail(new Error("GitHub did not answer")),
  };
}

function onGitHub(sandbox: GitHubSandbox): Subject {
  return {
    people: people(sandbox.github, models),
    permit: async (login, permission) => void sandbox.repository(models).permissions.set(login, permission),
    join: async (login, team) => void sandbox.double.world.teams.get("acme")?.get(team)?.set(login, "member"),
    fail: async () => sandbox.fault({ path: "/collaborators/|/memberships/", kind: "status", times: 3 }),
  };
}

let sandbox: GitHubSandbox;
beforeAll(async () => {
  sandbox = await startGitHubSandbox();
});
afterAll(() => sandbox.close());

const subjects: readonly [string, () => Subject][] = [
  ["the fake", onFake],
  ["GitHub", () => onGitHub(sandbox)],
];

describe.each(subjects)("People on %s", (_name, make) => {
  it.each(["read", "triage", "write", "maintain", "admin"] as const)(
    "tells a permission of %s apart from the others",
    async (permission) => {
      const subject = make();
      await subject.permit("eve", permission);
      expect(await subject.people.standing("eve", [])).toEqual({ permission, teams: [] });
    },
  );

  it("gives a stranger nothing", async () => {
    expect(await make().people.standing("mallory", ["ranking"])).toEqual({ permission: "none", teams: [] });
  });

  it("names those of the teams asked for that a person is in, and no other", async () => {
    const subject = make();
    await subject.join("eve", "ranking");
    await subject.join("eve", "on-call");
    expect((await subject.people.standing("eve", ["ranking", "no-such-team"])).teams).toEqual(["ranking"]);
  });

  it("throws when it cannot find out, so that nobody is let in", async () => {
    const subject = make();
    await subject.fail();
    await expect(subject.people.standing("eve", [])).rejects.toThrow(/GitHub (did not answer|answered 502)/);
  });
});
