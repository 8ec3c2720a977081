import { policyPath, statePath } from "#domain/environment/paths.ts";
import { type CommitSha, type Digest, loginSchema, type VersionRef } from "#domain/model/names.ts";
import { definitionPath } from "#domain/report/changed-models.ts";
import { liveVersion, production, ranker } from "#test/support/world-texts.ts";
import { lineOf, verbIn } from "./command-lines.ts";
import { liveIn, measureHead } from "./measured-run.ts";
import type { PeoplesClick, PeoplesMerge, PeoplesPull } from "./peoples-pull.ts";
import { candidates, definitionText, olderVersion, policiesOf, policyNames } from "./simulated-texts.ts";
import type { Hint, SimulatedWorld } from "./simulated-world.ts";
import type { PeoplesAct } from "./step.ts";

/** What people and their CI did so far. */
export class PeoplesWork {
  readonly #world: SimulatedWorld;
  readonly #pulls = new Map<number, PeoplesPull>();
  /** What each head proposes. */
  readonly #proposed = new Map<CommitSha, Digest>();
  /** Heads of which a signed run passed, and of which there was any. */
  readonly #passed = new Set<CommitSha>();
  readonly #measured = new Set<CommitSha>();
  readonly #merged: PeoplesMerge[] = [];
  /** The pull request of each group in the merge queue. */
  readonly #groups = new Map<CommitSha, number>();
  readonly #clicks: PeoplesClick[] = [];
  #runs = 0;

  constructor(world: SimulatedWorld) {
    this.#world = world;
  }

  pull(number: number): (PeoplesPull & { readonly head: CommitSha | undefined; readonly digest: Digest | undefined }) | undefined {
    const pull = this.#pulls.get(number);
    const head = pull?.heads.at(-1);
    return pull && { ...pull, head, digest: head && this.#proposed.get(head) };
  }

  openPulls(): readonly PeoplesPull[] {
    return [...this.#pulls.values()].filter(({ state }) => state === "open");
  }

  passed(head: CommitSha): boolean {
    return this.#passed.has(head);
  }

  measured(head: CommitSha): boolean {
    return this.#measured.has(head);
  }

  /** Oldest first. */
  merges(): readonly PeoplesMerge[] {
    return this.#merged;
  }

  /** The heads of the groups in the merge queue, with their pull requests. */
  groups(): ReadonlyMap<CommitSha, number> {
    return this.#groups;
  }

  clicks(): readonly PeoplesClick[] {
    return this.#clicks;
  }

  /** Does it, and says which webhooks GitHub sends of it. What has no object yet is not done. */
  async act(act: PeoplesAct): Promise<readonly Hint[]> {
    const hints = await this.#done(act);
    if (hints !== undefined) this.#world.tally.add("people", act.does);
    return hints ?? [];
  }

  async #done(act: PeoplesAct): Promise<readonly Hint[] | undefined> {
    const { github, repository, environmentAt } = this.#world;
    switch (act.does) {
      case "open":
        return this.#open(versionAt(act.candidate), act);
      case "push":
        return this.#ofOpen(act.pull, (pull) => {
          this.#moved(pull, repository.commit(pull.branch, definitionOf(versionAt(act.candidate))), versionAt(act.candidate).digest);
          return [{ about: "pull", number: pull.number }];
        });
      case "force back":
        return this.#ofOpen(act.pull, (pull) => {
          const earlier = pull.heads.at(-2);
          if (earlier === undefined) return undefined;
          repository.forcePush(pull.branch, earlier);
          this.#unqueue(pull.number);
          this.#change(pull, { heads: [...pull.heads, earlier] });
          return [{ about: "pull", number: pull.number }];
        });
      case "measure": {
        const pull = at([...this.#pulls.values()], act.pull);
        return pull && this.#measure(pull, act);
      }
      case "say": {
        const pull = at([...this.#pulls.values()], act.pull);
        return pull && this.#say(pull, act);
      }
      case "click":
        return this.#ofOpen(act.pull, (pull) => this.#click(pull, act));
      case "edit comment":
      case "delete comment": {
        const comment = at(
          github.comments().filter(({ ours }) => !ours),
          act.comment,
        );
        if (comment === undefined) return undefined;
        // GitHub tells an edit by its time alone, in whole seconds.
        this.#world.clock.advance(1000);
        if (act.does === "delete comment") github.remove(comment.id);
        else github.edit(comment.id, `${comment.body} `);
        return [];
      }
      case "close":
        return this.#ofOpen(act.pull, (pull) => {
          repository.close(pull.number);
          this.#unqueue(pull.number);
          this.#change(pull, { state: "closed" });
          return [{ about: "closed" }];
        });
      case "reopen": {
        const pull = at(
          [...this.#pulls.values()].filter(({ state }) => state === "closed"),
          act.pull,
        );
        if (pull === undefined) return undefined;
        repository.reopen(pull.number);
        this.#change(pull, { state: "open" });
        return [{ about: "pull", number: pull.number }];
      }
      case "merge":
        return this.#ofOpen(act.pull, (pull) => {
          if (pull.base !== "main" || pull.draft) return undefined;
          this.#world.clock.advance(1000);
          this.#unqueue(pull.number);
          const commit = repository.merge(pull.number);
          this.#world.merges.merged({
            number: pull.number,
            commit,
            at: this.#world.clock.now(),
            by: "lee",
            base: pull.base,
            changed: [definitionPath(ranker)],
          });
          if (this.#world.policy().onMerge) this.#world.tally.add("(merge)", "said");
          this.#merged.push({ pull: pull.number, commit, underPolicy: this.#world.policy() });
          this.#change(pull, { state: "merged" });
          return [{ about: "closed" }, { about: "push to models" }];
        });
      case "retarget":
        return this.#ofOpen(act.pull, (pull) => {
          const base = pull.base === "main" ? "develop" : "main";
          repository.change(pull.number, { base });
          this.#unqueue(pull.number);
          this.#change(pull, { base });
          return [{ about: "pull", number: pull.number }];
        });
      case "draft":
        return this.#ofOpen(act.pull, (pull) => {
          const draft = !pull.draft;
          repository.change(pull.number, { draft });
          this.#unqueue(pull.number);
          this.#change(pull, { draft });
          return [{ about: "pull", number: pull.number }];
        });
      case "queue":
        return this.#ofOpen(act.pull, (pull) => {
          if (pull.base !== "main" || pull.draft) return undefined;
          this.#unqueue(pull.number);
          const head = repository.commit(`gh-readonly-queue/main/pr-${pull.number}`, {});
          this.#groups.set(head, pull.number);
          this.#world.merges.queue({ head, pullRequest: pull.number });
          return [{ about: "queued" }];
        });
      case "write policy":
        this.#world.tally.add("worlds", `policy: ${at(policyNames, act.variant)}`);
        this.#world.edit({ [policyPath]: at(policiesOf(this.#world.setting), act.variant)?.text ?? null });
        return [];
      case "freeze":
        this.#world.freeze();
        return [];
      case "thaw":
        this.#world.thaw();
        return [];
      case "hold":
        this.#world.hold(environmentAt(act.environment), act.version);
        return [];
      case "lift":
        this.#world.lift(environmentAt(act.environment), act.version);
        return [];
      case "edit by hand":
        this.#world.editByHand(environmentAt(act.environment), act.what);
        return [];
      case "merge proposal":
      case "close proposal": {
        const proposal = at(
          github.proposals().filter(({ state }) => state === "open"),
          act.proposal,
        );
        if (proposal === undefined) return undefined;
        github.endProposal(proposal.number, act.does === "merge proposal");
        return [];
      }
    }
  }

  #ofOpen(index: number, act: (pull: PeoplesPull) => readonly Hint[] | undefined): readonly Hint[] | undefined {
    const pull = at(this.openPulls(), index);
    return pull && act(pull);
  }

  /** Whatever changes a pull request takes it out of the merge queue. */
  #unqueue(number: number): void {
    this.#world.merges.unqueue(number);
    for (const [head, pull] of this.#groups) if (pull === number) this.#groups.delete(head);
  }

  #change(pull: PeoplesPull, change: Partial<PeoplesPull>): void {
    this.#pulls.set(pull.number, { ...pull, ...change });
  }

  #moved(pull: PeoplesPull, head: CommitSha, proposes: Digest): void {
    this.#unqueue(pull.number);
    this.#proposed.set(head, proposes);
    this.#change(pull, { heads: [...pull.heads, head] });
  }

  #open(version: VersionRef, { author, fork }: Extract<PeoplesAct, { does: "open" }>): readonly Hint[] {
    const { repository, tally } = this.#world;
    if (fork) tally.add("people", "open from a fork");
    const branch = `change-${this.#pulls.size + 1}`;
    const head = repository.commit(branch, definitionOf(version));
    const number = repository.openPullRequest({ branch, author, ...(fork && { headRepositoryId: 99 }) });
    this.#moved({ number, branch, author, fork, draft: false, state: "open", base: "main", heads: [] }, head, version.digest);
    return [{ about: "pull", number }];
  }

  /** A person clicks a button of the head's check. */
  #click({ number, heads }: PeoplesPull, { author, button }: Extract<PeoplesAct, { does: "click" }>): readonly Hint[] | undefined {
    const { github, tally } = this.#world;
    const head = heads.at(-1);
    const check = github.checks().find((one) => one.head === head);
    const action = at(check?.buttons.split(" ").filter((one) => one !== "") ?? [], button);
    if (head === undefined || check === undefined || action === undefined) return undefined;
    tally.add("(click)", "said");
    this.#clicks.push({ pull: number, head, check: check.id, action, by: author });
    return [{ about: "click", click: { check: check.id, head, action, by: loginSchema.parse(author), pullRequests: [number] } }];
  }

  #say({ number, heads }: PeoplesPull, { author, line, which }: Extract<PeoplesAct, { does: "say" }>): readonly Hint[] {
    const { clock, github, environments, environmentAt, tally } = this.#world;
    const head = heads.at(-1);
    if (head === undefined) return [];
    clock.advance(1000);
    const snapshot = environments.current();
    const [freeze] = [...snapshot.texts.keys()].flatMap((path) => /^\.slipway\/freezes\/(.+-\d+)\.yaml$/.exec(path)?.[1] ?? []);
    const earlier = heads.at(-2) ?? head;
    const body = lineOf(line, { environment: environmentAt(which), head, earlier, edit: snapshot.head, freeze, which });
    tally.add(verbIn(body), "said");
    return [{ about: "comment", id: github.say(number, author, body).id }];
  }

  /** The trusted workflow runs on the head of a pull request: a new run, or the attempt that somebody asked for. */
  async #measure(pull: PeoplesPull, { good, signed, stale }: Extract<PeoplesAct, { does: "measure" }>): Promise<readonly Hint[]> {
    const head = pull.heads.at(-1);
    if (head === undefined) return [];
    const { runs, environments } = this.#world;
    const waiting = (await runs.listed(head)).find(({ state }) => state === "under-way");
    if (waiting === undefined) this.#runs += 1;
    const run = waiting ?? { id: this.#runs, attempt: 1 };
    const baseline = stale ? olderVersion : liveIn(environments.text(statePath(production, ranker)) ?? "");
    await measureHead(this.#world, { pullRequest: pull.number, head, run, baseline, gain: good ? 0.05 : -0.1, signed });
    if (signed) this.#measured.add(head);
    if (good && signed) this.#passed.add(head);
    return [{ about: "run", id: run.id, attempt: run.attempt }];
  }
}

function definitionOf(version: VersionRef): Readonly<Record<string, string>> {
  return { [definitionPath(ranker)]: definitionText(version) };
}

function versionAt(index: number): VersionRef {
  return at(candidates, index) ?? liveVersion;
}

function at<Item>(items: readonly Item[], index: number): Item | undefined {
  return items.length === 0 ? undefined : items[index % items.length];
}
