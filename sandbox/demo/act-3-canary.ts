import { releaseSteps, stepInGit } from "./scenes.ts";
import type { Story } from "./story.ts";

/** The canary at 5 %: windows are judged, one is extended, the App is killed in the middle, the weight is raised. */
export async function canary(story: Story): Promise<void> {
  const { stage, narrator } = story;
  narrator.act(3, "Canary under real traffic");
  await narrator.wait("5 % to be seen live", stepInGit(stage, "live 5"));
  narrator.say("The router serves 5 %, the cluster's API says so, and the first window begins.");

  await stage.app?.kill("SIGKILL");
  narrator.say("SIGKILL: the App is gone, in the middle of a window. Nothing but Git remembers the release.");
  await narrator.wait("the App to start again", stage.startApp());
  narrator.say("It is started again, and carries on from Git alone.");

  await narrator.wait("the windows at 5 % to be judged", stepInGit(stage, "weight 25"));
  narrator.show("how 5 % was judged (from the release record)", await releaseSteps(stage));
}
