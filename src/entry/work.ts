import { policyPath } from "#domain/environment/paths.ts";
import type { EnvironmentName, ModelName } from "#domain/model/names.ts";
import { millisecondsBetween } from "#domain/model/time.ts";
import { acceptEvidence } from "#flows/accept-evidence.ts";
import { advanceRelease } from "#flows/advance-release.ts";
import { answerClick, type Click } from "#flows/answer-click.ts";
import { answerComment } from "#flows/answer-comment.ts";
import { endClosedReleases } from "#flows/end-closed-releases.ts";
import { freeClosedLocks } from "#flows/free-closed-locks.ts";
import { judgeMergeGroups } from "#flows/judge-merge-groups.ts";
import { judgePullRequestHead } from "#flows/judge-pull-request.ts";
import { openReleases } from "#flows/open-releases.ts";
import { releaseMerged } from "#flows/release-merged.ts";
import { resyncModels } from "#flows/resync-models.ts";
import type { World } from "#flows/world.ts";
import { Alarms } from "./alarms.ts";
import type { Fleet, Member } from "./fleet.ts";
import type { Lanes } from "./lanes.ts";
import type { AppMetrics } from "./operations/app-metrics.ts";

/** What is looked after, as far as work asks for it. */
type Served = Pick<Fleet, "members" | "worlds" | "memberOf" | "worldNamed" | "refresh">;

/** What operators count of it. */
type Seen = Pick<AppMetrics, "openReleases" | "breach">;

/**
 * What webhooks, timers and hints come to: tasks in lanes. A lost, doubled or delayed webhook changes nothing but the time, since
 * {@link Work.resync} asks for everything anew.
 */
export class Work {
  readonly #fleet: Served;
  readonly #lanes: Lanes;
  readonly #seen: Seen | undefined;
  readonly #alarms: Pick<Alarms, "set" | "clear">;

  constructor(fleet: Served, lanes: Lanes, alarms: Pick<Alarms, "set" | "clear"> = new Alarms(), seen?: Seen) {
    this.#fleet = fleet;
    this.#lanes = lanes;
    this.#seen = seen;
    this.#alarms = alarms;
  }

  /** Everything, as if no webhook had ever come. */
  resync(): void {
    this.#lanes.add("fleet", {
      key: "repositories",
      run: async () => {
        await this.#fleet.refresh();
        for (const member of this.#fleet.members)
          this.#add(member, "resync", () => resyncModels(member.world, member.models).then(() => this.#releases(member.world)));
        for (const world of this.#fleet.worlds) this.#releases(world);
      },
    });
  }

  pullRequestChanged(repositoryId: number, number: number): void {
    this.#of(repositoryId, `pull request ${number}`, async ({ world, models }) => void (await judgePullRequestHead(world, models, number)));
  }

  mergeQueued(repositoryId: number): void {
    this.#of(repositoryId, "merge queue", ({ world, models }) => judgeMergeGroups(world, models));
  }

  pullRequestClosed(repositoryId: number): void {
    this.#of(repositoryId, "closed pull requests", async ({ world, models }) => {
      await endClosedReleases(world, models);
      await freeClosedLocks(world, models);
      await releaseMerged(world, models);
      this.#releases(world);
    });
  }

  commented(repositoryId: number, comment: number): void {
    this.#of(repositoryId, `comment ${comment}`, async ({ world, models }) => {
      await answerComment(world, models, comment);
      this.#releases(world);
    });
  }

  clicked(repositoryId: number, click: Click): void {
    this.#of(repositoryId, `check ${click.check} ${click.action} ${click.by}`, async ({ world, models }) => {
      await answerClick(world, models, click);
      this.#releases(world);
    });
  }

  runFinished(repositoryId: number, run: number, attempt: number): void {
    this.#of(repositoryId, `run ${run}-${attempt}`, async ({ world, models }) => {
      const answer = await acceptEvidence(world, models, run, attempt);
      if ("pullRequest" in answer) await judgePullRequestHead(world, models, answer.pullRequest);
      await judgeMergeGroups(world, models);
      if (answer.kind !== "refused") return;
      const pulls = await models.repository.openPullRequests();
      for (const { head, number } of pulls) if (head === answer.head) await judgePullRequestHead(world, models, number);
    });
  }

  /**
   * The default branch of a repository moved. Of a model repository: its rules may have changed. Of an environments repository: its
   * releases may have, and when its policy did, every open pull request is judged anew.
   */
  pushed(repository: string, repositoryId: number, changed: readonly string[]): void {
    const world = this.#fleet.worldNamed(repository);
    if (world !== undefined) this.#releases(world);
    const judgedAnew = changed.includes(policyPath) ? world : undefined;
    for (const member of this.#fleet.members) {
      if (member.world === judgedAnew || member.id === repositoryId)
        this.#add(member, "resync", () => resyncModels(member.world, member.models));
    }
  }

  stop(): void {
    this.#alarms.clear();
  }

  #of(repositoryId: number, key: string, run: (member: Member) => Promise<void>): void {
    const member = this.#fleet.memberOf(repositoryId);
    if (member !== undefined) this.#add(member, key, () => run(member));
  }

  #add(member: Member, key: string, run: () => Promise<void>): void {
    this.#lanes.add(`models ${member.name}`, { key, run });
  }

  #releases(world: World): void {
    this.#lanes.add(`releases ${world.repository}`, {
      key: "open releases",
      run: async () => {
        const open = await openReleases(world);
        this.#seen?.openReleases(
          world.repository,
          open.map(({ phase }) => phase),
        );
        for (const { environment, model } of open) this.#advance(world, environment, model);
      },
    });
  }

  /** Looks at a release, and again when it asked to be woken. */
  #advance(world: World, environment: EnvironmentName, model: ModelName): void {
    const key = `release ${environment}/${model}`;
    this.#lanes.add(`releases ${world.repository}`, {
      key,
      run: async () => {
        const advance = await advanceRelease(world, environment, model);
        world.log.info("looked at a release", { environment, model, kind: advance.kind, message: advance.message });
        if (advance.kind === "stop") this.#seen?.breach();
        if (advance.wakeAt === null) return;
        const delay = millisecondsBetween(world.clock.now(), advance.wakeAt);
        this.#alarms.set(`${world.repository} ${key}`, delay, () => this.#advance(world, environment, model));
      },
    });
  }
}
