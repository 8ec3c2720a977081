import { runCi } from "#sandbox/stage/ci.ts";
import { versions } from "#sandbox/stage/versions.ts";
import { command, keep, report, stepInGit } from "./scenes.ts";
import type { Story } from "./story.ts";

/** Another digest, without the cost: all the way to 100 % and verified. */
export async function fix(story: Story): Promise<void> {
  const { stage, narrator, memory } = story;
  narrator.act(5, "The fix");
  const before = await (await stage.look()).git("rev-parse", "HEAD");
  const pull = await narrator.wait(
    "Maria's pull request",
    stage.propose("bm25-indexed", "Rank by BM25 over an index made ahead of time", versions.fix),
  );
  memory.set("fix", pull);
  await narrator.wait("the trusted workflow", runCi(stage, { pullRequest: pull.number }));
  const { check, comment } = await narrator.wait(
    "Slipway's report",
    report(story, pull.number, pull.sha, (body, found) => found.conclusion === "success" && body.includes("Pass")),
  );
  narrator.show(`check "slipway" on pull request #${pull.number}: ${check.conclusion ?? check.status}`, check.output.title ?? "");
  await keep(stage, "comments/5-fix.md", comment.body);

  const line = `/slipway deploy production @${pull.sha.slice(0, 12)}`;
  const { answer } = await narrator.wait("the answer", command(stage.people.lee, pull.number, line));
  narrator.show(`Lee: ${line}`, answer);
  for (const weight of [5, 25, 50, 100]) {
    await narrator.wait(`${weight} % to be seen live`, stepInGit(stage, `live ${weight}`, before));
    narrator.say(`  ${weight} % is live`);
  }
  await narrator.wait("the bake to be judged", stepInGit(stage, "verified", before));

  const environments = await stage.look();
  narrator.say(`search-ranker ${versions.fix.version} is verified in production.`);
  narrator.show("status, as Slipway answers it", (await command(stage.people.lee, pull.number, "/slipway status")).answer);
  narrator.show(
    "git log of the environments repository: who, what, why",
    await environments.git("log", "--format=%h %an: %s%n%(trailers:only)"),
  );
  const evidence = (await environments.git("ls-files", ".slipway/evidence/search-ranker/")).split("\n");
  const state = await environments.read(".slipway/state/production/search-ranker.yaml");
  narrator.show(".slipway/state/production/search-ranker.yaml", state);
  const record = await environments.git(
    "log",
    "-1",
    "--grep=^Slipway-Step: verified$",
    "--format=%(trailers:key=Slipway-Evidence,valueonly)",
  );
  const report64 = evidence.find((path) => path.includes(record.trim().replace("sha256:", "")));
  if (report64 !== undefined) await keep(stage, "report.json", await environments.read(report64));
}
