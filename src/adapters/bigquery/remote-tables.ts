import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { digestSchema } from "#domain/model/names.ts";
import type { RemoteSources } from "#ports/remote-sources.ts";
import { BigQueryProblem } from "./bigquery-problem.ts";
import { type BigQuerySettings, bigqueryClient } from "./client.ts";
import { tableRef } from "./table-uri.ts";

/** Tables of BigQuery. Nobody hashes a billion rows: the digest is of the table's name, size and time of its last change. */
export function bigqueryTables(settings: BigQuerySettings): RemoteSources {
  return {
    locate: async (uri) => {
      const ref = tableRef(uri);
      if (ref === null)
        return { kind: "refused", code: "table-name-invalid", reason: "a table is written bigquery://project.dataset.table." };
      try {
        const table = await bigqueryClient(settings, ref.project).table(ref);
        if (table === null) return { kind: "missing" };
        const digest = digestSchema.parse(`sha256:${bytesToHex(sha256(utf8ToBytes(table.version)))}`);
        return { kind: "found", file: { path: uri, name: uri }, digest };
      } catch (error) {
        if (!(error instanceof BigQueryProblem)) throw error;
        return { kind: "refused", code: error.finding.code, reason: error.finding.message };
      }
    },
  };
}
