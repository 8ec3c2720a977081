import type { BigQuerySettings } from "#adapters/bigquery/client.ts";
import { applicationDefaultCredentials } from "#adapters/google-cloud/application-default-credentials.ts";
import type { RemoteSettings } from "./remote-settings.ts";

/** BIGQUERY_EMULATOR_HOST, as Google's own clients read it, is a server without credentials; else it is BigQuery itself. */
export function bigquerySettings({ environment, mostBytesScanned }: RemoteSettings): BigQuerySettings {
  const emulator = environment["BIGQUERY_EMULATOR_HOST"];
  return {
    url: emulator === undefined ? "https://bigquery.googleapis.com" : emulator.replace(/^(?!https?:)/, "http://"),
    credentials: emulator === undefined ? applicationDefaultCredentials() : null,
    project: environment["GOOGLE_CLOUD_PROJECT"] ?? null,
    mostBytes: mostBytesScanned,
  };
}
