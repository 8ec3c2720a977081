import type { GoogleAuth } from "google-auth-library";
import type { CloudCredentials } from "#ports/cloud-credentials.ts";

const scopes = ["https://www.googleapis.com/auth/bigquery", "https://www.googleapis.com/auth/devstorage.read_only"];

/** Application Default Credentials, looked for where every program of Google Cloud looks: a key file, gcloud's own, the machine's. */
export function applicationDefaultCredentials(): CloudCredentials {
  let loaded: Promise<GoogleAuth> | undefined;
  // Loaded where it is used: most evaluations read files.
  const auth = (): Promise<GoogleAuth> => {
    loaded ??= import("google-auth-library").then((library) => new library.GoogleAuth({ scopes }));
    return loaded;
  };
  return {
    token: async () => {
      const token = await (await auth())
        .getAccessToken()
        .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
      if (typeof token === "string" && token !== "") return { kind: "token", token };
      const detail = token instanceof Error ? ` (${token.message.split("\n")[0]?.slice(0, 200)})` : "";
      const reason = `There are no credentials for Google Cloud that work${detail}. Run gcloud auth application-default login, in a workflow use google-github-actions/auth, or point GOOGLE_APPLICATION_CREDENTIALS to a key file.`;
      return { kind: "none", reason };
    },
    project: async () => (await auth()).getProjectId().catch(() => null),
  };
}
