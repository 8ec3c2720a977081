/** One page of a list as it was last seen: when GitHub says 304, it still is so. */
export interface SeenPage {
  readonly etag: string;
  readonly items: readonly unknown[];
  readonly more: boolean;
}

/** Remembers pages, the most recently used ones, so that a resync in which nothing changed costs no rate limit. In memory only. */
export interface EtagCache {
  get(key: string): SeenPage | undefined;
  set(key: string, page: SeenPage): void;
}

/** @param limit pages that are kept */
export function etagCache(limit = 2000): EtagCache {
  const pages = new Map<string, SeenPage>();
  return {
    get(key) {
      const page = pages.get(key);
      if (page !== undefined) {
        pages.delete(key);
        pages.set(key, page);
      }
      return page;
    },
    set(key, page) {
      pages.delete(key);
      pages.set(key, page);
      const [oldest] = pages.keys();
      if (pages.size > limit && oldest !== undefined) pages.delete(oldest);
    },
  };
}
