/** What an operational metric is made of. */
export type OperationalMeasure =
  /** A quantile of the requests' latencies: the share q of requests that are no slower. */
  | { readonly kind: "latency"; readonly q: number }
  /** What a thousand requests cost: their mean, times 1,000, or one number that the benchmark states. */
  | { readonly kind: "cost" }
  /** How large the artifact is, in units of this many bytes. */
  | { readonly kind: "size"; readonly bytes: number };

/** What it takes to serve a version, measured beside how good its answers are. Less is always better. */
export type OperationalMetric = { readonly name: string; readonly family: string; readonly measure: OperationalMeasure };

/** A family of operational metrics: everything that help and docs say of it stands here. */
export type OperationalFamily = {
  /** As help writes it: `latency_p<q>_ms`. */
  readonly family: string;
  readonly example: string;
  readonly title: string;
  readonly about: string;
  readonly definition: string;
  readonly reference: string;
  readonly valueOf: "request" | "artifact";
  readonly convention: Readonly<Record<string, string>>;
  /** What a name of this family measures; a text when it is of this family and wrong; null when it is none of it. */
  readonly read: (name: string) => OperationalMeasure | string | null;
};
