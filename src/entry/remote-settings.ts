import { isRemotePrefix } from "#domain/evaluation/remote-location.ts";

export type RemoteSettings = {
  /** Where a head may say that its predictions lie, such as s3://acme-models/. */
  readonly prefixes: readonly string[];
  /** The most bytes that BigQuery may scan for one evaluation. */
  readonly mostBytesScanned: number;
  /** Credentials and addresses, as the clouds' own programs find them. */
  readonly environment: Readonly<Record<string, string | undefined>>;
};

export const usualScan = "10GB";

/** Reads what a person or a workflow allows: how much may be scanned, and where a head may point. */
export function remoteSettings(
  environment: RemoteSettings["environment"],
  mostScanned: string | undefined,
  prefixes: string | undefined,
): { readonly kind: "settings"; readonly settings: RemoteSettings } | { readonly kind: "wrong"; readonly message: string } {
  const [, number, unit = ""] = /^([1-9]\d{0,5})(MB|GB|TB)$/.exec(mostScanned || usualScan) ?? [];
  if (number === undefined)
    return {
      kind: "wrong",
      message: `--max-bytes-scanned (SLIPWAY_MAX_BYTES_SCANNED in a workflow) ${JSON.stringify(mostScanned)}: a size is a whole number with MB, GB or TB, such as 50GB`,
    };
  const listed = (prefixes ?? "").split(/[\s,]+/).filter((prefix) => prefix !== "");
  const wrong = listed.find((prefix) => !isRemotePrefix(prefix));
  if (wrong !== undefined)
    return {
      kind: "wrong",
      message: `--remote-prefix (SLIPWAY_REMOTE_PREFIXES in a workflow) ${JSON.stringify(wrong)}: a prefix names a host, a bucket or a data set, and ends with / (of BigQuery with .), such as s3://acme-models/ or bigquery://acme.models.`,
    };
  const mostBytesScanned = Number(number) * ({ MB: 1e6, GB: 1e9, TB: 1e12 }[unit] ?? 1);
  return { kind: "settings", settings: { prefixes: listed, mostBytesScanned, environment } };
}
