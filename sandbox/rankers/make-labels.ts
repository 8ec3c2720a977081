/** `node sandbox/rankers/make-labels.ts`: writes sandbox/data/cranfield/labels.csv from the judgments and the questions. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cranfieldFolder, readCranfield, readJudgments } from "./cranfield.ts";
import { labelsCsv } from "./labels.ts";

writeFileSync(join(cranfieldFolder, "labels.csv"), labelsCsv(readCranfield(), readJudgments()));
