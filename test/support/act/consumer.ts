import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { readEvidenceArchive } from "#adapters/github/evidence-archive.ts";
import type { EvidenceFiles } from "#ports/evidence-log.ts";
import { StartedRun } from "#sandbox/github/runner.ts";
import { type Stage, trustedWorkflow } from "#sandbox/stage/stage.ts";
import { appStage, github, models, tokenOf } from "#test/support/app-stage.ts";
import { programIn } from "#test/support/program-in.ts";
import { projectFolder } from "#test/support/run-entry.ts";
import { documentedWorkflow } from "./documented-workflow.ts";
import { type EndedWorkflow, runUnderAct } from "./run-workflow.ts";
import { saySourceOfWorkflow, slipwayRepository } from "./slipway-repository.ts";

/** A model repository that calls Slipway from its own workflows, and the App that hears of it. */
export interface Consumer {
  readonly stage: Stage;
  run(wanted: ConsumerRun): Promise<EndedRun>;
  close(): void;
}

export interface ConsumerRun {
  readonly pullRequest: number;
  readonly workflow: ".github/workflows/evidence.yml" | ".github/workflows/own.yml";
  /** Nothing is installed before: the Action does it. Else it finds the modules of this repository. */
  readonly cold?: boolean;
  /** The called workflow byte by byte, on a host that does not say where it comes from. */
  readonly asWritten?: boolean;
}

export interface EndedRun extends EndedWorkflow {
  readonly id: number;
  /** What the run left for the App; undefined when it left nothing. */
  readonly evidence: EvidenceFiles | undefined;
}

/** The job's own rights, as the two workflows ask for them. */
const permissions = { contents: "read" };

export async function consumer(): Promise<Consumer> {
  const act = programIn("SLIPWAY_ACT");
  const files = slipwayRepository();
  const stage = await appStage({ slipway: files.folder, resyncSeconds: 3600 });
  const sha = stage.workflowSha;
  const temporary = mkdtempSync(join(tmpdir(), "consumer-"));
  const said = join(temporary, "said");
  cpSync(files.folder, said, { recursive: true });
  saySourceOfWorkflow(said, { repository: "acme/slipway", sha });

  for (const name of ["evidence.yml", "own.yml"])
    await stage.models.write(`.github/workflows/${name}`, documentedWorkflow(name, { slipway: sha, appUrl: stage.appUrl }));
  await stage.models.push("Call Slipway from our own workflows");

  return {
    stage,
    async run({ pullRequest, workflow, cold = false, asWritten = false }) {
      const reusable = workflow.endsWith("evidence.yml");
      const run = StartedRun.parse(
        await stage.double.ask("POST", "runs", {
          repository: models,
          event: "pull_request",
          pullRequest,
          workflow,
          permissions,
          ...(reusable && { called: { ref: `${trustedWorkflow}@${sha}`, sha } }),
        }),
      );
      const folder = asWritten ? files.folder : said;
      const ended = await runUnderAct(act, {
        repositories: join(stage.folder, "github/repositories"),
        run,
        workflow,
        actions: { [`acme/slipway@${sha}`]: cold ? folder : withModules(folder) },
        ...(!cold && { modules: join(projectFolder, "node_modules") }),
      });
      await stage.double.ask("POST", `runs/${run.run.id}/complete`, { conclusion: ended.code === 0 ? "success" : "failure" });
      return { ...ended, id: run.run.id, evidence: await evidenceOf(stage, run.run.id) };
    },
    close: () => {
      files.close();
      rmSync(temporary, { recursive: true, force: true });
    },
  };

  /** Beside it, so that the folder that is installed cold stays clean. */
  function withModules(folder: string): string {
    const copy = mkdtempSync(join(temporary, "installed-"));
    cpSync(folder, copy, { recursive: true });
    symlinkSync(join(projectFolder, "node_modules"), join(copy, "node_modules"));
    return copy;
  }
}

async function evidenceOf(stage: Stage, run: number): Promise<EvidenceFiles | undefined> {
  const token = await tokenOf(stage, stage.people.lee);
  const listed = await github(stage, token, "GET", `/repos/${models}/actions/runs/${run}/artifacts`);
  const artifact = artifactsSchema.parse(listed).artifacts.find(({ name }) => name === "slipway-evidence");
  if (artifact === undefined) return undefined;
  const answer = await fetch(`${stage.double.url}/repos/${models}/actions/artifacts/${artifact.id}/zip`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const read = await readEvidenceArchive(new Uint8Array(await answer.arrayBuffer()));
  if (read.kind !== "found") throw new Error(JSON.stringify(read));
  return read.files;
}

const artifactsSchema = z.object({ artifacts: z.array(z.looseObject({ id: z.number(), name: z.string() })) });
