import type { DownloadSettings } from "#adapters/downloads/downloads.ts";
import { applicationDefaultCredentials } from "#adapters/google-cloud/application-default-credentials.ts";
import type { RemoteSettings } from "./remote-settings.ts";

/** Fifty gigabytes take minutes to copy and as long to read: what is larger is scored where it lies. */
const mostBytes = 50e9;

/** The variables that the clouds' own programs read: AWS_*, and STORAGE_EMULATOR_HOST for a server without credentials. */
export function downloadSettings({ environment }: RemoteSettings, folder: string): DownloadSettings {
  const id = environment["AWS_ACCESS_KEY_ID"];
  const secret = environment["AWS_SECRET_ACCESS_KEY"];
  const emulator = environment["STORAGE_EMULATOR_HOST"];
  return {
    folder,
    limits: { mostBytes, attempts: 4, pause: 250 },
    s3: {
      keys: id === undefined || secret === undefined ? null : { id, secret, session: environment["AWS_SESSION_TOKEN"] || undefined },
      region: environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? "us-east-1",
      endpoint: environment["AWS_ENDPOINT_URL_S3"] ?? environment["AWS_ENDPOINT_URL"] ?? null,
    },
    gs: {
      url: emulator === undefined ? "https://storage.googleapis.com" : emulator.replace(/^(?!https?:)/, "http://").replace(/\/+$/, ""),
      credentials: emulator === undefined ? applicationDefaultCredentials() : null,
    },
    now: Date.now,
  };
}
