import { runCi } from "#sandbox/stage/ci.ts";
import { versions } from "#sandbox/stage/versions.ts";
import { beginning, command, keep, report } from "./scenes.ts";
import type { Story } from "./story.ts";

/** A pull request whose model is better offline: it passes, and a maintainer deploys it. */
export async function betterModel(story: Story): Promise<void> {
  const { stage, narrator, memory, serving } = story;
  if (serving === undefined) throw new Error("the serving stack does not run");
  narrator.act(2, "A better model");
  const pull = await narrator.wait("Maria's pull request", stage.propose("bm25", "Rank by BM25", versions.slow));
  memory.set("slow", pull);
  await narrator.wait("the trusted workflow", runCi(stage, { pullRequest: pull.number }));
  const { check, comment } = await narrator.wait(
    "Slipway's report",
    report(story, pull.number, pull.sha, (body, found) => found.conclusion === "success" && body.includes("Pass")),
  );
  narrator.say(`Pull request #${pull.number}, ${versions.slow.version}, is better:`);
  narrator.show(`check "slipway": ${check.conclusion ?? check.status}`, check.output.title ?? "");
  narrator.show(`the comment on pull request #${pull.number}`, beginning(comment.body));
  await keep(stage, "comments/2-better-model.md", comment.body);

  serving.search();
  narrator.say("Meanwhile a serving stack follows the environments repository, and about 300 people a second search.");
  const line = `/slipway deploy production @${pull.sha.slice(0, 12)}`;
  const { answer, reactions } = await narrator.wait("the answer", command(stage.people.lee, pull.number, line));
  narrator.show(`Lee: ${line}  (reaction: ${reactions.join(", ")})`, answer);
  await keep(stage, "comments/2-deploy.md", answer);
  const environments = await stage.look();
  narrator.show(
    "the commit that starts the canary",
    await environments.git("log", "-1", "--grep=Slipway-Step: start", "--stat", "--format=%h %an%n%n%B"),
  );
  narrator.show(
    "environments/production/search-ranker/http-route.yaml",
    await environments.git("show", `${await startCommit(environments)}:environments/production/search-ranker/http-route.yaml`),
  );
}

async function startCommit(environments: { git(...argv: readonly string[]): Promise<string> }): Promise<string> {
  return environments.git("log", "-1", "--grep=Slipway-Step: start", "--format=%H");
}
