import { runCi } from "#sandbox/stage/ci.ts";
import { startServing } from "#sandbox/stage/serving.ts";
import { versions } from "#sandbox/stage/versions.ts";
import { beginning, command, keep, report } from "./scenes.ts";
import type { Story } from "./story.ts";

/** A pull request whose model is worse: the gates fail, and nobody can deploy it. */
export async function worseModel(story: Story): Promise<void> {
  const { stage, narrator, memory } = story;
  narrator.act(1, "A worse model");
  narrator.say(
    `Petra has written the policy, committed the manifests of ${versions.baseline.version} and run \`slipway adopt production\`.`,
  );
  narrator.show(
    "git log of the environments repository",
    await (await stage.look()).git("log", "--format=%h %an: %s%n%(trailers:only)", "--reverse"),
  );
  story.serving = await narrator.wait("the serving stack", startServing(stage));
  await narrator.wait("Slipway's App", stage.startApp());

  const pull = await narrator.wait("Maria's pull request", stage.propose("shorter-index", "Index only the first words", versions.worse));
  memory.set("worse", pull);
  narrator.say(`Maria opens pull request #${pull.number}: search-ranker ${versions.worse.version}.`);

  await narrator.wait("a run outside the trusted workflow", runCi(stage, { pullRequest: pull.number, trusted: false }));
  const own = await narrator.wait(
    "its report",
    report(story, pull.number, pull.sha, (body) => body.toLowerCase().includes("self-reported")),
  );
  narrator.say("First somebody runs the Action from the pull request's own workflow. Its numbers are shown, and decide nothing:");
  narrator.show(`check "slipway": ${own.check.conclusion ?? own.check.status}`, own.check.output.title ?? "");
  await keep(stage, "comments/1-self-reported.md", own.comment.body);

  const run = await narrator.wait("the trusted workflow", runCi(stage, { pullRequest: pull.number }));
  const { check, comment } = await narrator.wait(
    "Slipway's report",
    report(
      story,
      pull.number,
      pull.sha,
      (body, found) => found.output.title?.startsWith("Fail") === true && !body.includes("Self-reported"),
    ),
  );
  narrator.say(
    `Then the trusted workflow runs (its evaluate step ends with exit code ${run.evaluate.exitCode}). Slipway takes the evidence, judges it and says so, in one check and one comment:`,
  );
  narrator.show(`check "slipway": ${check.conclusion ?? check.status}`, check.output.title ?? "");
  narrator.show(`the comment on pull request #${pull.number}`, beginning(comment.body));
  await keep(stage, "comments/1-worse-model.md", comment.body);

  const line = `/slipway deploy production @${pull.sha.slice(0, 12)}`;
  const { answer, reactions } = await narrator.wait("the answer", command(stage.people.lee, pull.number, line));
  narrator.show(`Lee, a maintainer, tries anyway: ${line}  (reaction: ${reactions.join(", ")})`, answer);
  await keep(stage, "comments/1-deploy-refused.md", answer);
}
