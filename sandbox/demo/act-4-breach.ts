import { eventually } from "#sandbox/stage/eventually.ts";
import type { Stage } from "#sandbox/stage/stage.ts";
import { versions } from "#sandbox/stage/versions.ts";
import { command, keep, stepInGit, withoutMarker } from "./scenes.ts";
import { remembered, type Story } from "./story.ts";
import { breachTimes, printTimes } from "./times.ts";

/** At 25 % the candidate cannot keep up: the weight goes back, a pull request restores the files, an incident is open, the digest is held. */
export async function breach(story: Story): Promise<void> {
  const { stage, narrator, serving } = story;
  if (serving === undefined) throw new Error("the serving stack does not run");
  narrator.act(4, "Breach");
  narrator.say("At 25 % more requests come than the candidate can answer one at a time: they queue.");
  const stop = await narrator.wait("the breach to be decided", stepInGit(stage, "stop"));
  const environments = await stage.look();
  narrator.show("the first write: one push, by Git alone", await environments.git("show", "--stat", "--format=%h %an%n%n%B", stop));

  await narrator.wait("the rollback to be closed", stepInGit(stage, "rolled back", stop));
  const pull = await eventually("the rollback pull request", async () =>
    (await stage.people.petra.pullRequests("acme/environments")).find(({ head }) => head.ref.startsWith("slipway/rollback/")),
  );
  narrator.show(
    `the second write: pull request #${pull.number} of the environments repository, ${pull.state}`,
    `${pull.title}\n\n${withoutMarker(pull.body ?? "").split("<details>")[0]}`,
  );
  await keep(stage, "comments/4-rollback-pull-request.md", pull.body ?? "");
  const [incident] = await stage.people.petra.issues("acme/environments");
  if (incident === undefined) throw new Error("no incident was opened");
  narrator.show(`incident #${incident.number}: ${incident.title}`, withoutMarker(incident.body ?? "").split("<details>")[0] ?? "");
  await keep(stage, "comments/4-incident.md", incident.body ?? "");

  narrator.show("the model's manifests, before the canary and after the rollback: one and the same Git tree", await sameTree(stage));
  const times = await narrator.wait("traffic to be back", breachTimes(stage, serving, versions.slow.digest, pull.number));
  narrator.show("how long it took", printTimes(times));
  await keep(stage, "times.json", JSON.stringify(times, null, 2));

  const slow = remembered(story, "slow");
  const line = `/slipway deploy production @${slow.sha.slice(0, 12)}`;
  const { answer, reactions } = await narrator.wait("the answer", command(stage.people.lee, slow.number, line));
  narrator.show(`Lee tries the same digest again: ${line}  (reaction: ${reactions.join(", ")})`, answer);
  await keep(stage, "comments/4-held.md", answer);
}

/** Git's own word that the files are back byte for byte: it names a folder by its content. */
async function sameTree(stage: Stage): Promise<string> {
  const environments = await stage.look();
  const folder = "environments/production/search-ranker";
  const adopted = await environments.git("log", "-1", "--grep=^Slipway-Command: adopt", "--format=%H");
  const trees = await environments.git("rev-parse", `${adopted}:${folder}`, `HEAD:${folder}`);
  const [before, after] = trees.split("\n");
  if (before === undefined || before !== after) throw new Error(`the rollback did not restore ${folder}: ${trees}`);
  return trees;
}
