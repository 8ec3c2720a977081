import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseReport, type Report } from "#domain/evaluation/report.ts";
import { type ActionsJob, actionsJob } from "./actions-job.ts";
import { type RankerRepository, rankerRepository } from "./ranker-repository.ts";
import { type Ended, runEntry } from "./run-entry.ts";

export interface JobOptions {
  readonly idToken?: boolean;
  /** Said to be the head by the event; the head's own commit when left out. */
  readonly event?: string;
}

export interface ActionSetting {
  readonly head: RankerRepository;
  readonly trusted: RankerRepository;
  /** Commits both trees and puts them into a job's workspace, as the workflow checks them out. */
  checkedOut(options?: JobOptions): Promise<ActionsJob>;
  close(): Promise<void>;
}

/** The default branch serves the cosine ranker, the head proposes bm25. */
export function actionSetting(): ActionSetting {
  const trusted = rankerRepository({ version: "cosine" });
  const head = rankerRepository({ version: "bm25" });
  const jobs: ActionsJob[] = [];
  return {
    head,
    trusted,
    async checkedOut({ idToken = true, event } = {}) {
      trusted.commit();
      const commit = head.commit();
      const job = await actionsJob({ head: event ?? commit, idToken });
      jobs.push(job);
      cpSync(trusted.root, join(job.workspace, "trusted"), { recursive: true });
      cpSync(head.root, join(job.workspace, "head"), { recursive: true });
      return job;
    },
    async close() {
      trusted.close();
      head.close();
      for (const job of jobs) await job.close();
    },
  };
}

/** One step of the Action, as the runner starts it. */
export function runStep(job: ActionsJob, word: string, variables: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return runEntry("action", [word], { folder: job.workspace, environment: { ...job.environment, ...variables } });
}

export function evidenceFiles(job: ActionsJob): readonly string[] {
  return readdirSync(join(job.workspace, "slipway-evidence")).toSorted();
}

export function evidenceFile(job: ActionsJob, name: string): string {
  return readFileSync(join(job.workspace, "slipway-evidence", name), "utf8");
}

export function reportIn(job: ActionsJob, model = "search-ranker"): Report {
  const read = parseReport(evidenceFile(job, `report-${model}.json`));
  if (read.kind === "refused") throw new Error(read.message);
  return read.report;
}
