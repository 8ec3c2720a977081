import { fileLocation } from "#domain/evaluation/file-location.ts";
import type { MeasuredPart } from "#domain/evaluation/measured-part.ts";
import { benchmarkNames, benchmarkOf } from "#domain/evaluation/operational/benchmark-rows.ts";
import { operationalMetrics } from "#domain/evaluation/operational/operational-metrics.ts";
import { operationalPart } from "#domain/evaluation/operational/operational-part.ts";
import { predictionRequests } from "#domain/evaluation/operational/prediction-rows.ts";
import { type ArmRequests, noRequests } from "#domain/evaluation/operational/requests.ts";
import type { PreflightFinding } from "#domain/evaluation/report.ts";
import { answeredBy } from "#domain/evaluation/units/unit-grain.ts";
import { type EvaluationDefinition, resolveLocation } from "#domain/model/model-definition.ts";
import type { EvaluationEngine, InputFile, WantedColumn } from "#ports/evaluation-engine.ts";
import { artifactOf } from "./artifact-of.ts";
import { type Found, findFile, whyNone } from "./find-file.ts";
import type { PartRequest, Trees } from "./measure-parts.ts";

interface Arms {
  readonly candidate: ArmRequests | null;
  readonly baseline: ArmRequests | null;
  readonly findings: readonly PreflightFinding[];
  readonly noCandidate: string;
  readonly noBaseline: string;
}

/** Measures latency, size and cost: from the benchmark where one is named, else from the predictions; sizes also from the artifacts. */
export async function measureOperational(world: Trees, request: PartRequest): Promise<readonly MeasuredPart[]> {
  const { judged } = request;
  const metrics = operationalMetrics(judged.evaluation.metrics);
  if (metrics.length === 0) return [];
  const template = judged.evaluation.benchmark;
  const benchmark = template === undefined ? undefined : await benchmarkFile(world, request, template);
  const arms = benchmark === undefined ? await ofPredictions(world.engine, request) : await ofBenchmark(world.engine, request, benchmark);
  const sized = metrics.some(({ measure }) => measure.kind === "size");
  const sizes = sized ? await artifactSizes(world, request) : { candidate: null, baseline: null };

  const part = operationalPart({
    ...arms,
    candidate: withSize(arms.candidate, sizes.candidate),
    baseline: request.baseline === null ? null : withSize(arms.baseline, sizes.baseline),
    metrics,
    dataset: judged.evaluation.dataset,
    source: benchmark === undefined ? "predictions" : "benchmark",
  });
  if (benchmark === undefined) return [part];
  const digest = benchmark.digest === undefined ? null : ({ digest: benchmark.digest, by: "supplied" } as const);
  const why = whyNone("benchmark", benchmark);
  return [{ ...part, inputs: { benchmark: digest, ...(digest === null && { why }) } }];
}

/** The benchmark is the candidate's, as its predictions are, and lies where the default branch says. */
function benchmarkFile({ head }: Trees, { judged, folder }: PartRequest, template: string): Promise<Found> {
  const written = resolveLocation(template, judged.version, judged.artifact.digest);
  return findFile([head], fileLocation(written, folder), { what: "the benchmark", written, code: "benchmark", whenMissing: "no-data" });
}

/** The baseline's is known where the default branch still has the file of the version that is live. */
async function artifactSizes(
  { head, trusted }: Trees,
  request: PartRequest,
): Promise<{ candidate: number | null; baseline: number | null }> {
  const candidate = (await artifactOf(head, request.judged, request.folder)).size;
  const isLive = request.baseline !== null && request.trusted.artifact.digest === request.baseline.digest;
  return { candidate, baseline: isLive ? (await artifactOf(trusted, request.trusted, request.folder)).size : null };
}

/** The artifact's own size is counted, what a benchmark says of it is told: the file wins. */
function withSize(arm: ArmRequests | null, sizeBytes: number | null): ArmRequests | null {
  return sizeBytes === null ? arm : { ...(arm ?? noRequests), sizeBytes };
}

async function ofBenchmark(engine: EvaluationEngine, { judged, baseline }: PartRequest, found: Found): Promise<Arms> {
  const versions = { candidate: judged.version, baseline: baseline?.version ?? null };
  const nothing = (findings: readonly PreflightFinding[], reason: string): Arms => ({
    candidate: null,
    baseline: null,
    findings,
    noCandidate: reason,
    noBaseline: versions.baseline === null ? "no-baseline" : reason,
  });
  if (found.problem !== undefined) return nothing([found.problem], "benchmark-missing");
  const names = benchmarkNames(judged.evaluation.columns);
  const wanted = (role: keyof typeof names, kind: WantedColumn["kind"]): WantedColumn => ({
    role,
    column: names[role],
    kind,
    required: false,
  });
  const columns = [
    ...(["arm", "version", "block", "started", "machine"] as const).map((role) => wanted(role, "text")),
    ...(["latency", "cost", "sizeBytes", "costPer1k"] as const).map((role) => wanted(role, "number")),
  ];
  const { table, problems } = await engine.readColumns({ what: "the benchmark", files: [found.file], columns });
  if (table === null) return nothing(problems, errorIn(problems) ?? "benchmark-missing");
  const { texts, numbers } = table;
  const text = (role: string) => texts[role] ?? null;
  const number = (role: string) => numbers[role] ?? null;
  const read = benchmarkOf(
    found.file.name,
    table.rows,
    {
      arm: text("arm"),
      version: text("version"),
      block: text("block"),
      started: text("started"),
      machine: text("machine"),
      latency: number("latency"),
      cost: number("cost"),
      sizeBytes: number("sizeBytes"),
      costPer1k: number("costPer1k"),
    },
    versions,
    names,
  );
  if (read.kind === "problem") return nothing([read.problem], errorIn([read.problem]) ?? "benchmark-missing");
  return { ...read, noCandidate: "not-in-the-files", noBaseline: "no-baseline" };
}

async function ofPredictions(engine: EvaluationEngine, { judged, files, noBaseline }: PartRequest): Promise<Arms> {
  const candidate = await ofArm(engine, judged.evaluation, "the candidate's predictions", files.candidate);
  const baseline = files.baseline === null ? null : await ofArm(engine, judged.evaluation, "the baseline's predictions", files.baseline);
  return {
    candidate: candidate.arm,
    baseline: baseline?.arm ?? null,
    findings: [...candidate.findings, ...(baseline?.findings ?? [])],
    noCandidate: errorIn(candidate.findings) ?? "not-in-the-files",
    noBaseline: errorIn(baseline?.findings ?? []) ?? noBaseline,
  };
}

/** What is wrong with a file is why it has no numbers, not that there is none. */
function errorIn(findings: readonly PreflightFinding[]): string | null {
  return findings.find(({ verdict }) => verdict === "error")?.code ?? null;
}

interface OneArm {
  readonly arm: ArmRequests | null;
  readonly findings: readonly PreflightFinding[];
}

async function ofArm(
  engine: EvaluationEngine,
  { task, columns }: EvaluationDefinition,
  what: string,
  files: readonly InputFile[],
): Promise<OneArm> {
  const key = answeredBy({ task, columns });
  const { table, problems } = await engine.readColumns({
    what,
    files,
    columns: [
      ...key.map((column, index): WantedColumn => ({ role: `key ${index}`, column, kind: "text", required: false })),
      { role: "latency", column: columns.latency ?? "latency_ms", kind: "number", required: false },
      { role: "cost", column: columns.cost ?? "cost", kind: "number", required: false },
    ],
  });
  if (table === null) return { arm: null, findings: problems };
  const { texts, numbers, rows } = table;
  const read = predictionRequests(`${files.map(({ name }) => name).join(", ")} (${what})`, rows, {
    key: key.flatMap((_, index) => [texts[`key ${index}`]].filter((values) => values !== null && values !== undefined)),
    latency: numbers["latency"] ?? null,
    cost: numbers["cost"] ?? null,
  });
  return read.kind === "problem" ? { arm: null, findings: [read.problem] } : { arm: read.arm, findings: problems };
}
