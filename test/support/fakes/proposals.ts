import type { CommitSha } from "#domain/model/names.ts";
import type { Proposal, Proposals } from "#ports/proposals.ts";

export interface FakeProposalsOptions {
  /** The tip of a branch in the environments repository; undefined when there is no such branch. */
  headOf(branch: string): CommitSha | undefined;
  /** Called when a proposal is merged, so that the environments repository has it too. */
  merged?(branch: string, head: CommitSha): Promise<void> | void;
}

export interface FakeProposals extends Proposals {
  /** A person closes it without merging. */
  close(number: number): void;
  /** A person opens it again. */
  reopen(number: number): void;
  /** Merges are refused for this reason, until it is given undefined. */
  block(reason: string | undefined): void;
  all(): readonly FakeProposal[];
}

export interface FakeProposal extends Proposal {
  readonly branch: string;
  readonly title: string;
  readonly body: string;
}

export function fakeProposals({ headOf, merged }: FakeProposalsOptions): FakeProposals {
  const known = new Map<number, FakeProposal>();
  let blocked: string | undefined;

  /** While it is open its head moves with the branch. */
  const seen = (proposal: FakeProposal): FakeProposal =>
    proposal.state === "open" ? { ...proposal, head: headOf(proposal.branch) ?? proposal.head } : proposal;
  const facts = ({ number, head, state }: Proposal): Proposal => ({ number, head, state });
  const find = (branch: string): FakeProposal | undefined => {
    const ofBranch = [...known.values()].filter((proposal) => proposal.branch === branch).map(seen);
    return ofBranch.find(({ state }) => state === "open") ?? ofBranch.at(-1);
  };
  const get = (number: number): FakeProposal => {
    const proposal = known.get(number);
    if (proposal === undefined) throw new Error(`there is no pull request #${number}`);
    return seen(proposal);
  };

  return {
    async find(branch) {
      const found = find(branch);
      return found === undefined ? undefined : facts(found);
    },
    async open({ branch, title, body }) {
      const found = find(branch);
      if (found !== undefined) return facts(found);
      const head = headOf(branch);
      if (head === undefined) throw new Error(`there is no branch ${branch}`);
      const proposal: FakeProposal = { number: known.size + 1, head, state: "open", branch, title, body };
      known.set(proposal.number, proposal);
      return facts(proposal);
    },
    async merge(number, expectedHead) {
      const proposal = get(number);
      if (proposal.state === "merged") return { kind: "merged" };
      if (proposal.state === "closed") return { kind: "blocked", reason: "The pull request is closed." };
      if (blocked !== undefined) return { kind: "blocked", reason: blocked };
      if (proposal.head !== expectedHead) return { kind: "blocked", reason: "The head was modified." };
      await merged?.(proposal.branch, proposal.head);
      known.set(number, { ...proposal, state: "merged" });
      return { kind: "merged" };
    },
    close: (number) => void known.set(number, { ...get(number), state: "closed" }),
    reopen: (number) => void known.set(number, { ...get(number), state: "open" }),
    block(reason) {
      blocked = reason;
    },
    all: () => [...known.values()].map(seen),
  };
}
