import type { PreflightFinding } from "#domain/evaluation/report.ts";
import { formatNumber } from "#domain/gate/format-number.ts";
import type { Columns } from "#domain/model/model-definition.ts";
import type { ArmRequests } from "./requests.ts";

/** The columns of a benchmark file; one that the file lacks is null. */
export type BenchmarkColumns = {
  readonly arm: readonly (string | null)[] | null;
  readonly version: readonly (string | null)[] | null;
  readonly block: readonly (string | null)[] | null;
  readonly started: readonly (string | null)[] | null;
  readonly machine: readonly (string | null)[] | null;
  readonly latency: readonly (number | null)[] | null;
  readonly cost: readonly (number | null)[] | null;
  readonly sizeBytes: readonly (number | null)[] | null;
  readonly costPer1k: readonly (number | null)[] | null;
};

/** Where a benchmark file holds what. */
export function benchmarkNames(
  columns: Pick<Columns, "arm" | "block" | "latency" | "cost">,
): Readonly<Record<keyof BenchmarkColumns, string>> {
  return {
    arm: columns.arm ?? "arm",
    version: "version",
    block: columns.block ?? "block",
    started: "started_at",
    machine: "machine",
    latency: columns.latency ?? "latency_ms",
    cost: columns.cost ?? "cost",
    sizeBytes: "size_bytes",
    costPer1k: "cost_per_1k",
  };
}

export type Versions = { readonly candidate: string; readonly baseline: string | null };

export type Benchmark =
  | {
      readonly kind: "benchmark";
      readonly candidate: ArmRequests;
      readonly baseline: ArmRequests | null;
      readonly findings: readonly PreflightFinding[];
    }
  | { readonly kind: "problem"; readonly problem: PreflightFinding };

type ArmName = "candidate" | "baseline";

/**
 * Sorts a benchmark's rows by arm. A row is of an arm by `arm` (candidate, baseline, or a version), else by `version`; a row without
 * either holds facts of both, and without such columns every row is the candidate's. Rows of other versions are left aside and counted.
 */
export function benchmarkOf(
  file: string,
  rows: number,
  columns: BenchmarkColumns,
  versions: Versions,
  names: ReturnType<typeof benchmarkNames>,
): Benchmark {
  const refused = (code: string, message: string): Benchmark => ({
    kind: "problem",
    problem: { code, verdict: "error", message: `${file} (the benchmark) ${message}` },
  });
  const at = <T>(values: readonly (T | null)[] | null, row: number): T | null => values?.[row] ?? null;
  const arms: Record<ArmName, number[]> = { candidate: [], baseline: [] };
  let others = 0;
  for (let row = 0; row < rows; row += 1) {
    const isRequest = at(columns.latency, row) !== null || at(columns.cost, row) !== null || at(columns.block, row) !== null;
    for (const name of ["latency", "cost"] as const) {
      const value = at(columns[name], row);
      if (isRequest && columns[name] !== null && value === null)
        return refused(
          `${name}-missing`,
          `has a request without ${JSON.stringify(names[name])} (row ${row + 1} in the order of its values). Every request counts: write a timed-out one with its timeout.`,
        );
      if (value !== null && value < 0)
        return refused(`${name}-negative`, `has ${JSON.stringify(names[name])} below 0: ${formatNumber(value)}.`);
    }
    const named = at(columns.arm, row) ?? at(columns.version, row);
    const arm = columns.arm === null && columns.version === null ? "candidate" : armNamed(named, versions);
    if (named === null && arm === null) {
      if (isRequest)
        return refused(
          "arm-missing",
          `has a request that is of no arm: fill ${JSON.stringify(names.arm)} with candidate or baseline, or "version".`,
        );
      arms.candidate.push(row);
      arms.baseline.push(row);
      continue;
    }
    if (arm === null) {
      others += 1;
      continue;
    }
    const version = at(columns.version, row);
    const expected = versions[arm];
    if (version !== null && expected !== null && version !== expected)
      return refused(
        "benchmark-of-another-version",
        `calls version ${JSON.stringify(version)} the ${arm}, which is ${JSON.stringify(expected)}. Run the benchmark again.`,
      );
    arms[arm].push(row);
  }

  const findings: PreflightFinding[] = [];
  if (others > 0)
    findings.push({
      code: "benchmark-rows-of-others",
      verdict: "pass",
      message: `${others} of ${rows} rows of ${file} are of neither arm and are left aside.`,
    });
  const armOf = (name: ArmName): ArmRequests | Benchmark => {
    const own = arms[name];
    const requests = own.filter((row) => at(columns.latency, row) !== null || at(columns.cost, row) !== null);
    const ofRequests = <T>(values: readonly (T | null)[] | null): readonly T[] | null =>
      values === null || requests.some((row) => at(values, row) === null) ? null : requests.flatMap((row) => at(values, row) ?? []);
    const distinct = <T>(values: readonly (T | null)[] | null): readonly T[] => [...new Set(own.flatMap((row) => at(values, row) ?? []))];
    for (const fact of ["sizeBytes", "costPer1k"] as const) {
      const found = distinct(columns[fact]);
      const column = JSON.stringify(names[fact]);
      if (found.length > 1)
        return refused(
          "fact-varies",
          `says more than one ${column} of the ${name}: ${found.slice(0, 3).map(formatNumber).join(", ")}. It is one number.`,
        );
      if ((found[0] ?? 0) < 0) return refused("fact-negative", `has ${column} below 0: ${formatNumber(found[0] ?? 0)}.`);
    }
    const nothing = requests.length === 0;
    return {
      latency: nothing ? null : ofRequests(columns.latency),
      cost: nothing ? null : ofRequests(columns.cost),
      blocks: ofRequests(columns.block),
      started: ofRequests(columns.started),
      sizeBytes: distinct(columns.sizeBytes)[0] ?? null,
      costPer1k: distinct(columns.costPer1k)[0] ?? null,
      machines: distinct(columns.machine).toSorted(),
    };
  };
  const candidate = armOf("candidate");
  if ("kind" in candidate) return candidate;
  if (versions.baseline === null) return { kind: "benchmark", candidate, baseline: null, findings };
  const baseline = armOf("baseline");
  return "kind" in baseline ? baseline : { kind: "benchmark", candidate, baseline, findings };
}

function armNamed(named: string | null, { candidate, baseline }: Versions): ArmName | null {
  if (named === null) return null;
  if (named === "candidate" || named === candidate) return "candidate";
  return named === "baseline" || named === baseline ? "baseline" : null;
}
