import { policyPath, statePath } from "#domain/environment/paths.ts";
import type { Report } from "#domain/evaluation/report.ts";
import { type CommitSha, commitShaSchema, type Digest, hexOf, type VersionRef } from "#domain/model/names.ts";
import { addMilliseconds } from "#domain/model/time.ts";
import { policySchema } from "#domain/policy/policy.ts";
import { definitionPath } from "#domain/report/changed-models.ts";
import { evidenceFiles, madeReport } from "#test/support/made-evidence.ts";
import { liveVersion, modelText, policyText, production, ranker, trustedCommit, trustedWorkflow } from "#test/support/world-texts.ts";
import { lineOf } from "./command-lines.ts";
import { candidates, everyVersion, olderVersion, policiesOf } from "./simulated-texts.ts";
import type { Hint, SimulatedWorld } from "./simulated-world.ts";
import type { PeoplesAct } from "./step.ts";

/** A pull request of the model repository, as people made it. */
export interface PeoplesPull {
  readonly number: number;
  readonly branch: string;
  readonly state: "open" | "closed" | "merged";
  readonly base: string;
  /** Oldest first; the last is the head. */
  readonly heads: readonly CommitSha[];
}

/** What people and their CI did so far. */
export class PeoplesWork {
  readonly #world: SimulatedWorld;
  readonly #pulls = new Map<number, PeoplesPull>();
  /** What each head proposes. */
  readonly #proposed = new Map<CommitSha, Digest>();
  /** Heads of which a signed run passed. */
  readonly #passed = new Set<CommitSha>();
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

  /** Does it, and says which webhooks GitHub sends of it. What has no object yet is not done. */
  async act(act: PeoplesAct): Promise<readonly Hint[]> {
    const { github, repository, environmentAt } = this.#world;
    switch (act.does) {
      case "open":
        return this.#open(versionAt(act.candidate), act.author);
      case "push":
        return this.#ofOpen(act.pull, (pull) => {
          this.#moved(pull, repository.commit(pull.branch, definitionOf(versionAt(act.candidate))), versionAt(act.candidate).digest);
          return [{ about: "pull", number: pull.number }];
        });
      case "force back":
        return this.#ofOpen(act.pull, (pull) => {
          const earlier = pull.heads.at(-2);
          if (earlier === undefined) return [];
          repository.forcePush(pull.branch, earlier);
          this.#change(pull, { heads: [...pull.heads, earlier] });
          return [{ about: "pull", number: pull.number }];
        });
      case "measure": {
        const pull = at([...this.#pulls.values()], act.pull);
        return pull === undefined ? [] : this.#measure(pull, act);
      }
      case "say": {
        const pull = at([...this.#pulls.values()], act.pull);
        return pull === undefined ? [] : this.#say(pull, act);
      }
      case "edit comment":
      case "delete comment": {
        const comment = at(
          github.comments().filter(({ ours }) => !ours),
          act.comment,
        );
        if (comment === undefined) return [];
        // GitHub tells an edit by its time alone, in whole seconds.
        this.#world.clock.advance(1000);
        if (act.does === "delete comment") github.remove(comment.id);
        else github.edit(comment.id, `${comment.body} `);
        return [];
      }
      case "close":
        return this.#ofOpen(act.pull, (pull) => {
          repository.close(pull.number);
          this.#change(pull, { state: "closed" });
          return [{ about: "closed" }];
        });
      case "reopen": {
        const pull = at(
          [...this.#pulls.values()].filter(({ state }) => state === "closed"),
          act.pull,
        );
        if (pull === undefined) return [];
        repository.reopen(pull.number);
        this.#change(pull, { state: "open" });
        return [{ about: "pull", number: pull.number }];
      }
      case "merge":
        return this.#ofOpen(act.pull, (pull) => {
          if (pull.base !== "main") return [];
          this.#world.clock.advance(1000);
          const commit = repository.merge(pull.number);
          this.#world.merges.merged({
            number: pull.number,
            commit,
            at: this.#world.clock.now(),
            by: "lee",
            base: pull.base,
            changed: [definitionPath(ranker)],
          });
          this.#change(pull, { state: "merged" });
          return [{ about: "closed" }, { about: "push to models" }];
        });
      case "retarget":
        return this.#ofOpen(act.pull, (pull) => {
          const base = pull.base === "main" ? "develop" : "main";
          repository.change(pull.number, { base });
          this.#change(pull, { base });
          return [{ about: "pull", number: pull.number }];
        });
      case "write policy":
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
        if (proposal !== undefined) github.endProposal(proposal.number, act.does === "merge proposal");
        return [];
      }
    }
  }

  #ofOpen(index: number, act: (pull: PeoplesPull) => readonly Hint[]): readonly Hint[] {
    const pull = at(this.openPulls(), index);
    return pull === undefined ? [] : act(pull);
  }

  #change(pull: PeoplesPull, change: Partial<PeoplesPull>): void {
    this.#pulls.set(pull.number, { ...pull, ...change });
  }

  #moved(pull: PeoplesPull, head: CommitSha, proposes: Digest): void {
    this.#proposed.set(head, proposes);
    this.#change(pull, { heads: [...pull.heads, head] });
  }

  #open(version: VersionRef, author: string): readonly Hint[] {
    const { repository } = this.#world;
    const branch = `change-${this.#pulls.size + 1}`;
    const head = repository.commit(branch, definitionOf(version));
    const number = repository.openPullRequest({ branch, author });
    this.#moved({ number, branch, state: "open", base: "main", heads: [] }, head, version.digest);
    return [{ about: "pull", number }];
  }

  #say({ number, heads }: PeoplesPull, { author, line, which }: Extract<PeoplesAct, { does: "say" }>): readonly Hint[] {
    const { clock, github, environments, environmentAt } = this.#world;
    const head = heads.at(-1);
    if (head === undefined) return [];
    clock.advance(1000);
    const snapshot = environments.current();
    const [freeze] = [...snapshot.texts.keys()].flatMap((path) => /^\.slipway\/freezes\/(.+-\d+)\.yaml$/.exec(path)?.[1] ?? []);
    const earlier = heads.at(-2) ?? head;
    const body = lineOf(line, { environment: environmentAt(which), head, earlier, edit: snapshot.head, freeze, which });
    return [{ about: "comment", id: github.say(number, author, body).id }];
  }

  /** The trusted workflow runs on the head of a pull request. */
  async #measure(pull: PeoplesPull, { good, signed, stale }: Extract<PeoplesAct, { does: "measure" }>): Promise<readonly Hint[]> {
    const { clock, repository, provenance, runs } = this.#world;
    const head = pull.heads.at(-1);
    if (head === undefined) return [];
    this.#runs += 1;
    const [id, attempt] = [this.#runs, 1];
    const about = await repository.about();
    const headText = await repository.file(head, definitionPath(ranker));
    const trustedText = await repository.file(about.head, definitionPath(ranker));
    const report = measuredReport(headText ?? "", trustedText ?? "", stale ? olderVersion : this.#live(), good ? 0.05 : -0.1);
    const { digest, ...files } = evidenceOf(report, { pullRequest: pull.number, head, id, attempt });
    runs.complete({
      id,
      attempt,
      event: "pull_request",
      headSha: head,
      path: ".github/workflows/slipway.yml",
      startedAt: addMilliseconds(clock.now(), -60_000),
      updatedAt: clock.now(),
    });
    const token = provenance.sign({
      issuer: "https://token.actions.githubusercontent.com",
      audience: `slipway:sha256:${hexOf(digest)}`,
      repositoryId: 1,
      eventName: "pull_request",
      runId: id,
      runAttempt: attempt,
      jobWorkflowRef: `${trustedWorkflow}@refs/tags/v1`,
      jobWorkflowSha: commitShaSchema.parse(trustedCommit),
      issuedAt: addMilliseconds(clock.now(), -1000),
    });
    runs.leave(id, { kind: "found", files: { ...files, ...(signed && { token }) } });
    if (good && signed) this.#passed.add(head);
    return [{ about: "run", id }];
  }

  /** What the App would tell the Action: what is live in the last environment. */
  #live(): VersionRef {
    const text = this.#world.environments.text(statePath(production, ranker)) ?? "";
    const [, digest] = /^live:\n {2}version: .*\n {2}digest: "?(sha256:[0-9a-f]{64})/m.exec(text) ?? [];
    return everyVersion.find((version) => version.digest === digest) ?? liveVersion;
  }
}

const evidenceKnown = new Map<string, ReturnType<typeof evidenceFiles>>();

/** The same run of the same head, in whichever history, leaves the same bytes. */
function evidenceOf(report: Report, run: Partial<NonNullable<Report["run"]>>): ReturnType<typeof evidenceFiles> {
  const ran = { ...report, run: report.run && { ...report.run, ...run } };
  const key = JSON.stringify([report.candidate, report.baseline, report.verdict, ran.run]);
  const known = evidenceKnown.get(key) ?? evidenceFiles([ran]);
  if (evidenceKnown.size >= 20_000) evidenceKnown.clear();
  evidenceKnown.set(key, known);
  return known;
}

const measured = new Map<string, Report>();

/** Measuring costs far more than anything that is done with it, and depends on little. */
function measuredReport(headText: string, trustedText: string, baseline: VersionRef, gain: number): Report {
  const key = JSON.stringify([headText, trustedText, baseline, gain]);
  const known = measured.get(key);
  if (known !== undefined) return known;
  const report = madeReport({
    headText,
    trustedText,
    policy: policySchema.parse(JSON.parse(policyText())),
    baseline,
    run: { id: 1, attempt: 1, pullRequest: 1, head: commitShaSchema.parse("0".repeat(40)) },
    gain,
  });
  measured.set(key, report);
  return report;
}

function definitionOf(version: VersionRef): Readonly<Record<string, string>> {
  return { [definitionPath(ranker)]: modelText(version) };
}

function versionAt(index: number): VersionRef {
  return at(candidates, index) ?? liveVersion;
}

function at<Item>(items: readonly Item[], index: number): Item | undefined {
  return items.length === 0 ? undefined : items[index % items.length];
}
