import type { RemoteSources } from "#ports/remote-sources.ts";

/** Who knows each scheme, such as bigquery for bigquery://…. */
export function sourcesByScheme(schemes: Readonly<Record<string, RemoteSources>>): RemoteSources {
  return {
    locate: async (uri) => {
      const [scheme = ""] = uri.split(":");
      const known = schemes[scheme];
      if (known !== undefined) return known.locate(uri);
      return { kind: "refused", code: "remote-not-supported", reason: `nothing here reads ${scheme}://.` };
    },
  };
}
