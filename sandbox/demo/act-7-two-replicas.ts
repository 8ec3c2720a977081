import { versions } from "#sandbox/stage/versions.ts";
import { stepInGit } from "./scenes.ts";
import { remembered, type Story } from "./story.ts";

/** Two processes of the App work on one release; one is killed in the middle, and every step is in Git once. */
export async function twoReplicas(story: Story): Promise<void> {
  const { stage, narrator } = story;
  narrator.act(7, "Two replicas, one of them killed");
  const start = await stepInGit(stage, "start");
  await narrator.wait("the second replica", stage.startReplica());
  narrator.say("A second App runs beside the first, on the same Git and the same GitHub; they do not know of each other.");
  await narrator.wait("5 % to be seen live", stepInGit(stage, "live 5", start));
  await stage.app?.kill("SIGKILL");
  narrator.say("SIGKILL: the first one is gone. The second carries on.");
  await narrator.wait("the release to be verified", stepInGit(stage, "verified", start));
  const environments = await stage.look();
  const steps = (await environments.git("log", "--reverse", "--format=%(trailers:key=Slipway-Step,valueonly)", `${start}..HEAD`))
    .split("\n")
    .filter((line) => line !== "");
  narrator.show(`each step of the release of ${versions.tuned.version}, as often as Git has it`, counted(steps));
  if (new Set(steps).size !== steps.length) throw new Error(`a step was taken twice: ${steps.join(", ")}`);
  await narrator.wait("the App to start again", stage.startApp());
  await stage.people.lee.mergePullRequest("acme/models", remembered(story, "tuned").number);
}

function counted(steps: readonly string[]): string {
  return [...new Set(steps)].map((step) => `${steps.filter((other) => other === step).length} × ${step}`).join("\n");
}
