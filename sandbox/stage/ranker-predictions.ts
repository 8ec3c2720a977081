import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCranfield } from "#sandbox/rankers/cranfield.ts";
import { writePredictions } from "#sandbox/rankers/predictions.ts";
import { rank } from "#sandbox/rankers/rank.ts";
import { readRankerArtifact } from "#sandbox/rankers/ranker-artifact.ts";
import type { RankerVersion } from "./versions.ts";

/** What a version ranks for each question, as a Parquet file: what the ML engineer's `predict` makes. */
export async function rankerPredictions({ file }: RankerVersion): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "predictions-"));
  try {
    const path = join(folder, "predictions.parquet");
    await writePredictions(path, rank(readRankerArtifact(file), readCranfield()));
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
