/** Prints where the tree breaks a rule of the house, with the rule; `npm test` holds the same rules. */
import { houseRules } from "#test/architecture/house-rules.ts";
import { projectFiles } from "#test/architecture/project-files.ts";

const files = projectFiles(process.cwd());
const lines = houseRules.flatMap((rule) =>
  files.flatMap((file) => rule.check(file).map(({ path, line, message }) => `${path}:${line} ${message} (${rule.sentence})`)),
);
for (const line of lines) console.log(line);
process.exitCode = lines.length === 0 ? 0 : 1;
