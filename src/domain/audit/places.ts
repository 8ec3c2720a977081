const owned = /^(?:environments|\.slipway\/(?:state|releases|approvals))\/([^/]+)\/([^/]+?)(?:\.yaml)?(?:\/|$)/;

/** The environments and models whose files these are, each once: what only Slipway writes. */
export function placesOf(paths: readonly string[]): readonly string[] {
  const places = paths.flatMap((path) => {
    const [, environment, model] = owned.exec(path) ?? [];
    return environment === undefined || model === undefined ? [] : [`${environment}/${model}`];
  });
  return [...new Set(places)].toSorted();
}
