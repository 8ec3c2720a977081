import type { ModelName } from "#domain/model/names.ts";
import type { Person } from "#domain/policy/permission.ts";
import { noOwners, teamsIn } from "#domain/policy/roles.ts";
import { ownersOf } from "./owners-of.ts";
import type { HeadReading } from "./read-head.ts";
import type { ModelWorld } from "./world.ts";

/** What GitHub and the default branch say of somebody who gives a command: permission, teams, and whose the meant model is. */
export async function personOf(
  { repository, people }: ModelWorld,
  reading: Pick<HeadReading, "facts" | "repository">,
  login: string,
  meant: ModelName | null,
): Promise<Person> {
  const { policy, models } = reading.facts;
  if (policy.kind === "invalid") return { login, standing: await people.standing(login, []), owners: noOwners };
  const facts = meant === null ? models[0] : models.find(({ model }) => model === meant);
  const owners = await ownersOf(repository, { policy: policy.value, commit: reading.repository.head, facts });
  return { login, standing: await people.standing(login, teamsIn(policy.value, owners)), owners };
}
