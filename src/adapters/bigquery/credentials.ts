import { BigQueryProblem } from "./bigquery-problem.ts";

/** Who works with BigQuery, and who pays: Application Default Credentials, as every program of Google Cloud looks for them. */
export type Credentials = { readonly token: () => Promise<string>; readonly project: () => Promise<string | null> };

export function applicationDefaultCredentials(): Credentials {
  const auth = import("google-auth-library").then(
    ({ GoogleAuth }) =>
      new GoogleAuth({ scopes: ["https://www.googleapis.com/auth/bigquery", "https://www.googleapis.com/auth/devstorage.read_only"] }),
  );
  return {
    token: async () => {
      const token = await (await auth).getAccessToken().catch((error: unknown) => {
        const message = `There are no credentials for Google Cloud that work (${detail(error)}). Run gcloud auth application-default login, in a workflow use google-github-actions/auth, or point GOOGLE_APPLICATION_CREDENTIALS to a key file.`;
        throw new BigQueryProblem("credentials-missing", message, { cause: error });
      });
      if (typeof token === "string" && token !== "") return token;
      throw new BigQueryProblem(
        "credentials-missing",
        "Google Cloud gave no access token. Run gcloud auth application-default login again.",
      );
    },
    project: async () => (await auth).getProjectId().catch(() => null),
  };
}

function detail(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]?.slice(0, 200) ?? "";
}
