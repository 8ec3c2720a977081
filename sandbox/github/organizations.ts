import { randomBytes } from "node:crypto";
import { z } from "zod";
import { addAccount } from "./people.ts";
import type { Level, Permissions, World } from "./world.ts";

export const NewUser = z.object({ login: z.string(), token: z.string().optional() });
export type NewUser = z.input<typeof NewUser>;

/** A person and their token; asked again, the same person with the same token. */
export function addUser(world: World, { login, token }: NewUser): { login: string; id: number; token: string } {
  const account = addAccount(world, login, "User");
  const known = [...world.tokens].find(([, identity]) => identity.kind === "person" && identity.login === login)?.[0];
  const own = token ?? known ?? `ghp_${randomBytes(18).toString("hex")}`;
  world.tokens.set(own, { kind: "person", login });
  return { login, id: account.id, token: own };
}

export const NewOrganization = z.object({
  login: z.string(),
  members: z.array(z.string()).default([]),
  /** team → its members */
  teams: z.record(z.string(), z.array(z.string())).default({}),
  /** Whether the App is installed on it. */
  installed: z.boolean().default(true),
});
export type NewOrganization = z.input<typeof NewOrganization>;

export function addOrganization(world: World, wanted: NewOrganization): { login: string; id: number; installation: number | null } {
  const { login, members, teams, installed } = NewOrganization.parse(wanted);
  const account = addAccount(world, login, "Organization");
  const everyone = world.members.get(login) ?? new Set();
  world.members.set(login, everyone);
  for (const member of [...members, ...Object.values(teams).flat()]) {
    addAccount(world, member, "User");
    everyone.add(member);
  }
  const known = world.teams.get(login) ?? new Map<string, Map<string, "member" | "maintainer">>();
  world.teams.set(login, known);
  for (const [team, people] of Object.entries(teams)) known.set(team, new Map(people.map((person) => [person, "member"])));
  let installation = world.installations.find((candidate) => candidate.account === login);
  if (installed && installation === undefined) {
    installation = {
      id: world.nextId("installation"),
      account: login,
      permissions: world.app.permissions,
      refusal: 403,
      createdAt: world.clock(),
    };
    world.installations.push(installation);
  }
  return { login, id: account.id, installation: installation?.id ?? null };
}

/** As when an hour has passed, or an owner suspended the App for a moment: the next call must mint anew. */
export function revokeInstallationTokens(world: World): number {
  const tokens = [...world.tokens].filter(([, identity]) => identity.kind === "installation" && identity.app === world.app);
  for (const [token] of tokens) world.tokens.delete(token);
  return tokens.length;
}

export const NewGrant = z.object({
  account: z.string(),
  permissions: z.record(z.string(), z.enum(["none", "read", "write"])),
  refusal: z.union([z.literal(403), z.literal(404)]).default(403),
});

/** An owner changes what the App may do; tokens that were minted before lose it too. */
export function changeGrant(world: World, { account, permissions, refusal }: z.infer<typeof NewGrant>): Permissions | undefined {
  const installation = world.installations.find((candidate) => candidate.account === account);
  if (installation === undefined) return undefined;
  installation.permissions = granted(world.app.permissions, { ...installation.permissions, ...permissions });
  installation.refusal = refusal;
  for (const [token, identity] of world.tokens)
    if (identity.kind === "installation" && identity.account === account)
      world.tokens.set(token, { ...identity, permissions: narrowed(identity.permissions, permissions) });
  return installation.permissions;
}

/** Of what the App asks for, what it gets. */
function granted(asked: Permissions, given: Readonly<Record<string, Level | "none">>): Permissions {
  const nothing = Object.fromEntries(Object.keys(asked).map((name) => [name, "none"] as const));
  return narrowed(asked, { ...nothing, ...given });
}

function narrowed(held: Permissions, changes: Readonly<Record<string, Level | "none">>): Permissions {
  const kept = Object.entries(held).map(([name, level]) => {
    const granted = changes[name] ?? level;
    return [name, granted === "write" ? level : granted] as const;
  });
  return Object.fromEntries(kept.filter((entry): entry is [string, Level] => entry[1] !== "none"));
}
