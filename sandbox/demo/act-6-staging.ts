import { runCi } from "#sandbox/stage/ci.ts";
import { versions } from "#sandbox/stage/versions.ts";
import { command, keep, report, stepInGit } from "./scenes.ts";
import { remembered, type Story } from "./story.ts";

/** A version goes to staging, is verified there, meets a freeze on its way to production, and goes on when the freeze is lifted. */
export async function staging(story: Story): Promise<void> {
  const { stage, narrator, memory, serving } = story;
  if (serving === undefined) throw new Error("the serving stack does not run");
  const { lee, omar } = stage.people;
  narrator.act(6, "Staging, a freeze, production");
  await lee.mergePullRequest("acme/models", remembered(story, "fix").number);
  await narrator.wait("Petra's commit", stage.addStaging(versions.fix));
  serving.search(120, "staging");
  narrator.say("Lee merges the fix. Petra adds staging: from now on production takes only what staging has verified.");

  const pull = await narrator.wait("Maria's pull request", stage.propose("bm25-tuned", "Tune BM25", versions.tuned));
  memory.set("tuned", pull);
  await narrator.wait("the trusted workflow", runCi(stage, { pullRequest: pull.number }));
  const { check, comment } = await narrator.wait(
    "Slipway's report",
    report(story, pull.number, pull.sha, (_, found) => found.conclusion === "success"),
  );
  narrator.show(`check "slipway" on pull request #${pull.number}: ${check.conclusion ?? check.status}`, check.output.title ?? "");
  await keep(stage, "comments/6-tuned.md", comment.body);

  const short = pull.sha.slice(0, 12);
  const tell = async (person: typeof lee, line: string): Promise<void> => {
    const { answer } = await narrator.wait("the answer", command(person, pull.number, line));
    narrator.show(`${person.login}: ${line}`, answer);
  };
  await tell(lee, `/slipway promote production @${short}`);
  const before = await (await stage.look()).git("rev-parse", "HEAD");
  await tell(lee, `/slipway deploy staging @${short}`);
  await narrator.wait("staging to verify it", stepInGit(stage, "verified", before));
  narrator.say(`search-ranker ${versions.tuned.version} is verified in staging.`);

  await tell(omar, "/slipway freeze production until 1h the sale of the year begins");
  await tell(lee, `/slipway promote production @${short}`);
  const environments = await stage.look();
  const [freeze] = (await environments.git("ls-files", ".slipway/freezes/")).split("\n");
  narrator.show(freeze ?? "no freeze", freeze === undefined ? "" : await environments.read(freeze));
  const name =
    freeze
      ?.split("/")
      .at(-1)
      ?.replace(/\.yaml$/, "") ?? "";
  await tell(omar, `/slipway unfreeze ${name}`);
  await tell(lee, `/slipway promote production @${short}`);
}
