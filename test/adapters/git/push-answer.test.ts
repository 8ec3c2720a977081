import { describe, expect, it } from "vitest";
import { GitFailure } from "#adapters/git/git-failure.ts";
import { pushAnswer } from "#adapters/git/push-answer.ts";

const ref = `${"a".repeat(40)}:refs/heads/main`;
const failed = (...lines: readonly string[]) => {
  const text = ["git push: To https://github.com/acme/environments.git", ...lines, "error: failed to push some refs"].join("\n");
  return pushAnswer(text, new GitFailure("remote", text));
};

describe("what git push says", () => {
  it.each([` \t${ref}\t1234567..aaaaaaa`, `*\t${ref}\t[new branch]`, `=\t${ref}\t[up to date]`])("is accepted: %s", (line) => {
    expect(pushAnswer(`To https://github.com/acme/environments.git\n${line}\nDone\n`)).toEqual({ kind: "accepted" });
  });

  it.each([
    "[rejected] (fetch first)",
    "[rejected] (stale info)",
    "[rejected] (non-fast-forward)",
    "[remote rejected] (failed to update ref)",
    "[remote rejected] (cannot lock ref 'refs/heads/main': is at bbbbbbb but expected ccccccc)",
    "[remote rejected] (incorrect old value provided)",
    "[remote rejected] (reference already exists)",
  ])("is a lost race: %s", (reason) => {
    expect(failed(`!\t${ref}\t${reason}`)).toEqual({ kind: "rejected" });
  });

  it("is a lost race when the ref that was to go has moved or is gone", () => {
    expect(failed("!\t(delete):refs/slipway/evidence/1/7\t[rejected] (stale info)")).toEqual({ kind: "rejected" });
  });

  it.each([
    [
      "[remote rejected] (protected branch hook declined)",
      "remote: error: GH006: Protected branch update failed for refs/heads/main.",
      "GH006",
    ],
    [
      "[remote rejected] (push declined due to repository rule violations)",
      "remote: error: GH013: Repository rule violations found",
      "GH013",
    ],
    ["[remote rejected] (pre-receive hook declined)", "remote: not on my watch", "not on my watch"],
    ["[remote rejected] (refusing to allow a GitHub App to create or update workflow)", "", "refusing to allow"],
    ["[remote rejected] (shallow update not allowed)", "", "not allowed"],
  ])("is against the rules: %s", (reason, line, said) => {
    expect(failed(`!\t${ref}\t${reason}`, line)).toEqual({ kind: "refused", message: expect.stringContaining(said) });
  });

  it.each([
    "fatal: unable to access 'https://github.com/': The requested URL returned error: 502",
    "error: RPC failed; curl 52 Empty reply from server",
    "send-pack: unexpected disconnect while reading sideband packet",
    "block timeout reached",
    `!\t${ref}\t[remote rejected] (Internal Server Error)`,
    `!\t${ref}\t[remote rejected] (unpacker error)`,
    `!\t${ref}\t[remote failure] (remote failed to report status)`,
  ])("leaves open whether it arrived: %s", (line) => {
    expect(failed(line)).toMatchObject({ kind: "lost" });
  });

  it.each([
    "fatal: unable to access 'https://github.com/': The requested URL returned error: 404",
    "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
    "remote: Repository not found.",
  ])("cannot have arrived, and is no rule: %s", (line) => {
    expect(failed(line)).toMatchObject({ kind: "failed" });
  });

  it("is against the rules when the token may not push", () => {
    expect(
      failed("remote: Permission to acme/environments.git denied to slipway[bot].", "fatal: ... The requested URL returned error: 403"),
    ).toEqual({
      kind: "refused",
      message: expect.stringContaining("denied to slipway[bot]"),
    });
  });
});
