import type { CommitSha, ModelName } from "#domain/model/names.ts";
import { codeOwnersOf, codeOwnersPaths, ownerList } from "#domain/policy/code-owners.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { noOwners, type OwnerList, type Owners } from "#domain/policy/roles.ts";
import { definitionPath } from "#domain/report/changed-models.ts";
import { definitionsOf, type ModelFacts } from "#domain/report/judge-pull-request.ts";
import type { ModelRepository } from "#ports/model-repository.ts";

/** Whose a model is, by the default branch alone: a pull request cannot make its author an owner. Reads CODEOWNERS only where the policy asks for it. */
export async function ownersOf(
  repository: Pick<ModelRepository, "file">,
  { policy, commit, facts }: { readonly policy: Policy; readonly commit: CommitSha; readonly facts: ModelFacts | undefined },
): Promise<Owners> {
  if (facts === undefined) return noOwners;
  const roles = Object.values(policy.roles);
  return {
    model: roles.some(({ owners }) => owners) ? modelOwners(facts) : noOwners.model,
    code: roles.some(({ codeOwners }) => codeOwners) ? await codeOwners(repository, commit, facts.model) : noOwners.code,
  };
}

function modelOwners({ model, trustedText }: ModelFacts): OwnerList {
  const read = trustedText === undefined ? undefined : definitionsOf({ model, headText: trustedText, trustedText });
  return read?.kind === "read" ? ownerList(read.trusted.owners) : noOwners.model;
}

async function codeOwners(repository: Pick<ModelRepository, "file">, commit: CommitSha, model: ModelName): Promise<OwnerList> {
  for (const path of codeOwnersPaths) {
    const text = await repository.file(commit, path);
    if (text !== undefined) return codeOwnersOf(definitionPath(model), text);
  }
  return noOwners.code;
}
