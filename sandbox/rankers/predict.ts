/** `node sandbox/rankers/predict.ts <ranker.json> <predictions.csv|.jsonl|.parquet>`: what a model repository's `predict` step runs. */
import { readCranfield } from "./cranfield.ts";
import { writePredictions } from "./predictions.ts";
import { rank } from "./rank.ts";
import { readRankerArtifact } from "./ranker-artifact.ts";

const [artifact, predictions] = process.argv.slice(2);
if (artifact === undefined || predictions === undefined) {
  process.stderr.write("usage: node sandbox/rankers/predict.ts <ranker.json> <predictions.csv|.jsonl|.parquet>\n");
  process.exit(64);
}
const rows = await writePredictions(predictions, rank(readRankerArtifact(artifact), readCranfield()));
process.stderr.write(`${rows} predictions written to ${predictions}\n`);
