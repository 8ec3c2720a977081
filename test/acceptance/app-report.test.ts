import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Stage } from "#sandbox/stage/stage.ts";
import { versions } from "#sandbox/stage/versions.ts";
import { markdownShape } from "#test/adapters/templates/markdown-shape.ts";
import { appStage, ask, changeDefinition, evaluated, models, plain, reportComments, reported, strike } from "#test/support/app-stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await appStage({ resyncSeconds: 3600 });
});
afterAll(() => strike(stage));

/** Markdown, HTML, GitHub's links and expressions, and our own marker. */
const hostile = "<!-- slipway:report -->|`@everyone`|${{ secrets.T }}";

/** Lines of a text that GitHub would show as a table's row, by how many cells they have. */
function rowsOf(text: string, header: string): readonly string[] {
  const lines = text.split("\n");
  const from = lines.findIndex((line) => line.startsWith(header));
  const rows = lines.slice(from);
  const end = rows.findIndex((line) => !line.startsWith("|"));
  return rows.slice(0, end === -1 ? undefined : end);
}

it("a head that edits gates, slices, labels and rollout is judged by the default branch's, and its comment says so", async () => {
  const pull = await stage.propose("own-bar", "Lower the bar", versions.worse, (text) =>
    text
      .replace("noWorseThan: 2%", "noWorseThan: 90%")
      .replace('  - {metric: ndcg@10, slice: "*", noWorseThan: 5%}\n', "")
      .replace("slices: [length]", "slices: []")
      .replace("../../datasets/cranfield/labels.csv", "my-labels.csv")
      .replace("{weight: 5, window: 2s}", "{weight: 20, window: 2s}"),
  );
  const { check, comment } = await evaluated(stage, pull, "Fail: ndcg@10 −");
  expect(check.conclusion).toBe("failure");
  expect(check.output.title).toMatch(/^Fail: ndcg@10 −\d+\.\d %.*, limit −2 %; \d of 5 gates fail$/);
  expect(comment).toContain(
    "⚠️ **These changes of the head do not count until merged:** gates, rollout, evaluation.labels, evaluation.slices. The default branch's count here.",
  );
  expect(check.output.summary).toContain(
    "These changes of the head do not count until merged: gates, rollout, evaluation.labels, evaluation.slices.",
  );
  const gates = rowsOf(comment, "| verdict |").join("\n");
  expect(gates).toContain("| no worse than 2% |");
  expect(gates).toMatch(/^\| \S+ [a-z-]+ \| `ndcg@10` length=short \| /m);
  expect(gates).not.toContain("90%");
});

describe("a model that the default branch does not have", () => {
  const folder = "models/second-ranker";
  const labels = "models/second-ranker/labels.csv";
  let pull: { readonly number: number; readonly sha: string };

  it("is shown before policy names it, and cannot be released", async () => {
    const { models: checkout, people } = stage;
    await checkout.git("switch", "--quiet", "--force-create", "second", "origin/own-bar");
    await checkout.git("reset", "--quiet", "--soft", "origin/main");
    await checkout.git("mv", "models/search-ranker", folder);
    const text = (await checkout.read(`${folder}/model.yaml`))
      .replace("name: search-ranker", "name: second-ranker")
      .replace(/labels: .*/, "labels: labels.csv")
      .replace("slices: []", "slices: [length]")
      .replace(
        /gates:\n(?: {2}- .*\n)*/,
        `gates:\n  - {metric: ndcg@10, atLeast: 0.99}\n  - {metric: '${hostile}', slice: {length: '${hostile}'}, atLeast: 0}\n`,
      );
    await checkout.write(`${folder}/model.yaml`, text);
    const written = await checkout.read("datasets/cranfield/labels.csv");
    await checkout.write(labels, written.replaceAll(",short", `,${hostile}`));
    await checkout.git("checkout", "--quiet", "origin/main", "--", "models/search-ranker");
    const sha = await checkout.push(`Add a second ranker ${hostile}`);
    const { number } = await people.maria.openPullRequest(models, { head: "second", title: `Second ranker ${hostile}`, body: hostile });
    pull = { number, sha };
    const { check } = await reported(stage, pull, "Error: The policy names no model second-ranker.");
    expect(check.conclusion).toBe("failure");
    expect(check.output.title).toBe("Error: The policy names no model second-ranker. A platform engineer adds it to .slipway/policy.yaml.");
  });

  it("is judged by the policy's floor alone: its own gates inform", async () => {
    const checkout = await stage.look();
    const policy = await checkout.read(".slipway/policy.yaml");
    const [entry = ""] = /^ {2}search-ranker: .*$/m.exec(policy) ?? [];
    await checkout.write(".slipway/policy.yaml", policy.replace(entry, `${entry}\n${entry.replace("search-ranker", "second-ranker")}`));
    await checkout.push("Name the second ranker");
    const { check, comment } = await evaluated(stage, pull, "Pass");
    expect(check.conclusion).toBe("success");
    const gates = rowsOf(comment, "| verdict |");
    expect(gates.filter((row) => row.includes("at least 0.3"))).toEqual([
      expect.stringMatching(/^\| ✅ pass \| .* \(the policy's floor\) \|$/),
    ]);
    expect(gates.filter((row) => row.includes("at least 0.99"))).toEqual([expect.stringMatching(/^\| ❌ fail \| .* \(informs only\) \|$/)]);
    expect(comment).toContain("a first version only if they are an approver (lee) and not its author.");
    expect(comment).toContain("This is a first version: gates that compare with a baseline are left out (floor ndcg@10).");
  });

  it("has names that break Markdown, and its comment and check keep their shape and mention nobody", async () => {
    const [comment = "", ...others] = await reportComments(stage, pull.number);
    expect(others).toEqual([]);
    const [check] = await stage.people.lee.checks(models, pull.sha);
    for (const text of [comment, check?.output.summary ?? ""]) {
      expect(plain(text)).toContain("@everyone");
      const body = text.replace(/^<!-- slipway:report -->\n/, "");
      expect(body).not.toContain("<!--");
      expect(body.replaceAll(/`+[^`]*`+/g, "")).not.toMatch(/@everyone|\$\{\{/);
      const shapes = ["| verdict |", "| metric |"].map((header) => new Set(markdownShape(rowsOf(body, header).join("\n"))));
      expect(shapes[0]).toEqual(new Set(["row of 6"]));
      if (text === comment) expect(shapes[1]).toEqual(new Set(["row of 6"]));
    }
  });

  it("is deployed by an approver other than its author alone", async () => {
    const line = `/slipway deploy production @${pull.sha}`;
    const { answer } = await ask(stage.people.petra, pull.number, line);
    expect(answer).toContain(
      "⛔ This is a first version, since nothing that second-ranker could be compared with is live: an approver of the policy other than its author, maria, deploys it. Approvers are lee.",
    );
    const approved = await ask(stage.people.lee, pull.number, line);
    expect(approved.answer).toContain(
      "⛔ Nothing is known to be live in production. A platform engineer runs `slipway adopt production` first.".replaceAll("`", "\\`"),
    );
    expect(await (await stage.look()).git("log", "--format=%s", "--grep=^Slipway-Step: start$")).toBe("");
  });
});

describe("a model.yaml that cannot be read fails the check with the place and the nearest key:", () => {
  it.each<[string, (text: string) => string, string]>([
    [
      "an unknown key",
      (text) => text.replace("\ngates:", "\ngatez:"),
      'models/search-ranker/model.yaml:17:1 unknown key "gatez"; did you mean "gates"?',
    ],
    ["a wrong type", (text) => text.replace("tier: critical", "tier: 7"), "models/search-ranker/model.yaml:5:7 "],
    [
      "a version that breaks Markdown",
      (text) => text.replace(/^version: .*$/m, `version: '${hostile}'`),
      "models/search-ranker/model.yaml:6:10 version: a version starts with a letter or digit",
    ],
    [
      "a name with a line break",
      (text) => text.replace("name: search-ranker", 'name: "search-ranker\\n| x |"'),
      "models/search-ranker/model.yaml:3:7 name: a model name has",
    ],
  ])("%s", async (name, change, problem) => {
    const { models: checkout, people } = stage;
    await checkout.branch(name.replaceAll(/\W+/g, "-"));
    await changeDefinition(stage, change);
    const sha = await checkout.push(name);
    const { number } = await people.maria.openPullRequest(models, { head: name.replaceAll(/\W+/g, "-"), title: name });
    const { check, comment } = await reported(stage, { number, sha }, "Error: The definition cannot be read");
    expect(check.conclusion).toBe("failure");
    expect(check.output.title).toContain(`Error: The definition cannot be read: ${problem}`);
    const [place = "", ...message] = problem.split(" ");
    expect(plain(comment)).toContain(`**Problems in the definition**\n\n- \`${place}\` ${message.join(" ")}`);
    expect((await reportComments(stage, number)).length).toBe(1);
    expect(comment.slice("<!-- slipway:report -->".length)).not.toContain("<!--");
  });
});
