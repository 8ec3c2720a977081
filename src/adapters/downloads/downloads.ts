import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { CloudCredentials } from "#ports/cloud-credentials.ts";
import type { RemoteSources } from "#ports/remote-sources.ts";
import { type Asked, copyFile, type Limits } from "./copy-file.ts";
import { DownloadProblem } from "./download-problem.ts";
import { type S3Keys, signedHeaders } from "./sign-s3.ts";

export type DownloadSettings = {
  /** Where copies lie until whoever made the folder removes it. */
  readonly folder: string;
  readonly limits: Limits;
  readonly s3: {
    /** null: public buckets only. */
    readonly keys: S3Keys | null;
    readonly region: string;
    /** Another server that speaks S3, such as MinIO; null: Amazon's. */
    readonly endpoint: string | null;
  };
  readonly gs: { readonly url: string; readonly credentials: CloudCredentials | null };
  /** Whether https:// is asked for as http://: servers on this machine, in tests. */
  readonly plainHttp?: true;
  readonly now: () => number;
};

/**
 * Copies whole files: their digest is part of the evidence, so all bytes are read once anyway, and the engine that reads the copy has no
 * way to the network.
 */
export function downloads(settings: DownloadSettings): Readonly<Record<"https" | "s3" | "gs", RemoteSources>> {
  const none = async (): Promise<Readonly<Record<string, string>>> => ({});
  return {
    https: source(settings, async (uri) => ({ url: new URL(settings.plainHttp ? uri.replace(/^https:/, "http:") : uri), headers: none })),
    s3: source(settings, async (uri) => {
      const { keys, region } = settings.s3;
      const headers = async (url: URL): Promise<Readonly<Record<string, string>>> =>
        keys === null ? {} : signedHeaders(url, keys, region, settings.now());
      return { url: s3Url(uri, settings.s3), headers };
    }),
    gs: source(settings, async (uri) => ({
      url: new URL(`${settings.gs.url}/${uri.slice("gs://".length)}`),
      headers: async () => {
        const { credentials } = settings.gs;
        if (credentials === null) return {};
        const answer = await credentials.token();
        if (answer.kind === "none") throw new DownloadProblem("credentials-missing", answer.reason);
        return { authorization: `Bearer ${answer.token}` };
      },
    })),
  };
}

function source(settings: DownloadSettings, asked: (uri: string) => Promise<Asked>): RemoteSources {
  const known = new Map<string, ReturnType<RemoteSources["locate"]>>();
  let copies = 0;
  const copied = async (uri: string, place: string): ReturnType<RemoteSources["locate"]> => {
    try {
      // A name's end says the format.
      const path = join(place, uri.split("/").at(-1) || "file");
      await mkdir(place, { recursive: true });
      const digest = await copyFile(await asked(uri), path, settings.limits);
      return digest === null ? { kind: "missing" } : { kind: "found", file: { path, name: uri }, digest };
    } catch (error) {
      if (error instanceof DownloadProblem) return { kind: "refused", code: error.code, reason: error.message };
      throw error;
    }
  };
  return {
    locate: (uri) => {
      const scheme = uri.split(":")[0] ?? "";
      const located = known.get(uri) ?? copied(uri, join(settings.folder, `${scheme}-${(copies += 1)}`));
      known.set(uri, located);
      return located;
    },
  };
}

/** Amazon's buckets are host names; other servers, and buckets with dots, are asked by path. */
function s3Url(uri: string, { region, endpoint }: DownloadSettings["s3"]): URL {
  const [bucket = "", ...key] = uri.slice("s3://".length).split("/");
  const path = key.map(percentEncoded).join("/");
  if (endpoint !== null) return new URL(`${endpoint.replace(/\/+$/, "")}/${bucket}/${path}`);
  if (bucket.includes(".")) return new URL(`https://s3.${region}.amazonaws.com/${bucket}/${path}`);
  return new URL(`https://${bucket}.s3.${region}.amazonaws.com/${path}`);
}

/** As Signature Version 4 spells a key: it encodes more signs than a URL must, and both sides sign that spelling. */
function percentEncoded(part: string): string {
  return encodeURIComponent(part).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
