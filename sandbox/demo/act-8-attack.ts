import { runCi } from "#sandbox/stage/ci.ts";
import { eventually } from "#sandbox/stage/eventually.ts";
import { versions } from "#sandbox/stage/versions.ts";
import { report, withoutMarker } from "./scenes.ts";
import type { Story } from "./story.ts";

/** Somebody pushes another model between a maintainer's comment and the moment at which Slipway acts on it: nothing is released. */
export async function attack(story: Story): Promise<void> {
  const { stage, narrator } = story;
  const { app, people } = stage;
  if (app === undefined) throw new Error("the App does not run");
  narrator.act(8, "A push between the comment and the action");
  const pull = await narrator.wait("Maria's pull request", stage.propose("untuned", "Take the tuning back", versions.fix));
  await narrator.wait("the trusted workflow", runCi(stage, { pullRequest: pull.number }));
  await narrator.wait(
    "Slipway's report",
    report(story, pull.number, pull.sha, (_, found) => found.status === "completed"),
  );

  process.kill(app.pid, "SIGSTOP");
  const line = `/slipway deploy staging @${pull.sha.slice(0, 12)}`;
  const said = await people.lee.comment("acme/models", pull.number, line);
  narrator.say(`Lee reads the report and types: ${line}`);
  const before = await stage.tip();
  const pushed = await stage.replaceHead(versions.worse, "Nothing to see here");
  narrator.say(`Before Slipway wakes up, somebody pushes ${pushed.slice(0, 12)} to the branch: another model, never evaluated.`);
  process.kill(app.pid, "SIGCONT");

  const answer = await narrator.wait(
    "the answer",
    eventually(`the answer to "${line}"`, async () =>
      (await people.lee.comments("acme/models", pull.number)).find(({ body }) => body.startsWith(`<!-- slipway:answer ${said.id} -->`)),
    ),
  );
  narrator.show("Slipway's answer", withoutMarker(answer.body));
  if ((await stage.tip()) !== before) throw new Error("the environments repository moved, though the head had");
  narrator.say("The environments repository has not moved.");
}
