import { lockPath } from "#domain/environment/paths.ts";
import { locksIn } from "#domain/environment/read-snapshot.ts";
import { compareAndSwap } from "./compare-and-swap.ts";
import type { ModelWorld, World } from "./world.ts";

/** Frees the locks that were to end with a pull request of this repository, once that is closed: a lock nobody remembers stops a team. */
export async function freeClosedLocks(world: World, models: ModelWorld): Promise<void> {
  const bound = locksIn(await world.environments.snapshot()).filter(({ pullRequest }) => pullRequest !== null);
  if (bound.length === 0) return;
  const { name } = await models.repository.about();
  for (const { environment, model, pullRequest } of bound) {
    if (pullRequest?.repository !== name) continue;
    const pull = await models.repository.pullRequest(pullRequest.number);
    if (pull?.state !== "closed") continue;
    const path = lockPath(environment, model);
    const outcome = await compareAndSwap<string>(async () => {
      const snapshot = await world.environments.snapshot();
      const standing = locksIn(snapshot).find((lock) => lock.environment === environment && lock.model === model);
      if (standing?.pullRequest?.number !== pullRequest.number || standing.pullRequest.repository !== name)
        return { kind: "nothing-to-write", answer: "it is not this lock any more" };
      const subject = `Unlock ${model} in ${environment}: pull request #${pullRequest.number} is closed`;
      return {
        kind: "wrote",
        outcome: await world.environments.commit({
          base: snapshot.head,
          subject,
          trailers: { step: "unlock" },
          writes: [{ kind: "delete", path }],
        }),
        answer: () => subject,
        refused: (message) => message,
      };
    });
    world.log.info("looked at a lock whose pull request is closed", { environment, model, outcome });
  }
}
