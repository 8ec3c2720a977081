/** The stand-in for actions/upload-artifact, as a process: `upload.ts <name> <path>`. */
import { uploadArtifact } from "#sandbox/github/upload-artifact.ts";

const [name = "", path = ""] = process.argv.slice(2);
const { ACTIONS_RESULTS_URL = "", ACTIONS_RUNTIME_TOKEN = "" } = process.env;
await uploadArtifact({ ACTIONS_RESULTS_URL, ACTIONS_RUNTIME_TOKEN }, name, path);
