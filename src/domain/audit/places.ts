const owned = /^(?:environments|\.slipway\/(?:state|releases|approvals))\/([^/]+)\/([^/]+?)(?:\.yaml)?(?:\/|$)/;
const beside = /^\.slipway\/(?:holds|locks)\/([^/]+)\/([^/]+?)(?:\.yaml)?(?:\/|$)/;

/** The environments and models whose files these are, each once: what only Slipway writes. */
export function placesOf(paths: readonly string[]): readonly string[] {
  return placesIn(paths, [owned]);
}

/** The same, and what people may write as well: holds and locks. */
export function placesAbout(paths: readonly string[]): readonly string[] {
  return placesIn(paths, [owned, beside]);
}

function placesIn(paths: readonly string[], patterns: readonly RegExp[]): readonly string[] {
  const places = paths.flatMap((path) =>
    patterns.flatMap((pattern) => {
      const [, environment, model] = pattern.exec(path) ?? [];
      return environment === undefined || model === undefined ? [] : [`${environment}/${model}`];
    }),
  );
  return [...new Set(places)].toSorted();
}
