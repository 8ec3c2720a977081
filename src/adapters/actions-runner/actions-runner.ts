import { error, getIDToken, notice, setOutput, summary, warning } from "@actions/core";
import type { Annotation, Runner } from "#ports/runner.ts";

/** "10 warning annotations, 10 error annotations, and 10 notice annotations per step": GitHub drops the rest in silence. */
const annotationsPerLevel = 10;

/** "Job summaries … maximum size of 1MiB per step"; a longer one fails the upload of the whole summary. */
const largestSummary = 1024 * 1024;

/** GitHub's own runner, or one that speaks its protocol: workflow commands on standard output, files that the environment names. */
export function actionsRunner(environment: Readonly<Record<string, string | undefined>>): Runner {
  const given = new Map<Annotation["level"], number>();
  return {
    async identityToken(audience) {
      if (!isSet(environment, "ACTIONS_ID_TOKEN_REQUEST_URL") || !isSet(environment, "ACTIONS_ID_TOKEN_REQUEST_TOKEN")) {
        return { kind: "none", reason: "the job has no permission id-token: write, as in runs of forks" };
      }
      try {
        // Masks it in the log before it gives it to us.
        return { kind: "token", token: await getIDToken(audience) };
      } catch {
        // The message may name the request's address, which is half of a credential.
        return { kind: "none", reason: "GitHub did not give the job a token" };
      }
    },
    annotate({ level, message, place }) {
      const count = (given.get(level) ?? 0) + 1;
      given.set(level, count);
      if (count > annotationsPerLevel) return;
      const properties = place === undefined ? {} : { file: place.file, startLine: place.line, startColumn: place.column };
      ({ error, warning, notice })[level](message, { title: "Slipway", ...properties });
    },
    output(name, value) {
      if (isSet(environment, "GITHUB_OUTPUT")) setOutput(name, value);
    },
    async summary(markdown) {
      if (!isSet(environment, "GITHUB_STEP_SUMMARY")) return;
      const fits = Buffer.byteLength(markdown) <= largestSummary;
      await summary.addRaw(fits ? markdown : "The summary is too long for this page; the reports are in the run's artifact.", true).write();
    },
  };
}

function isSet(environment: Readonly<Record<string, string | undefined>>, name: string): boolean {
  return (environment[name] ?? "") !== "";
}
