type Verdict = "pass" | "inconclusive" | "error" | "no-data";

/** One check: the code of its finding, when it says what. `<role>` and `<what>` stand for the columns and files that have it. */
export type PreflightCheck = { readonly code: string; readonly verdicts: readonly Verdict[]; readonly when: string };

export type PreflightGroup = { readonly title: string; readonly checks: readonly PreflightCheck[] };

const check = (code: string, verdicts: Verdict | readonly Verdict[], when: string): PreflightCheck => ({
  code,
  verdicts: typeof verdicts === "string" ? [verdicts] : verdicts,
  when,
});
const look = ["pass", "inconclusive"] as const;
const strict = ["pass", "error"] as const;

/** Everything that is checked before a number is believed, for `docs/preflight.md`. A test holds it to the codes that the sources have. */
export const preflightGroups: readonly PreflightGroup[] = [
  {
    title: "The same questions, answered by two models",
    checks: [
      check(
        "identical-predictions",
        "pass",
        "the arms' predictions differ, or are the same for the same artifact, or `evaluation.identical` allows it",
      ),
      check("stale-predictions", "error", "two artifacts, but the same predictions: the same bytes, or the same scores"),
      check(
        "queries-missing",
        strict,
        "one arm lacks more than 0.1 % of the queries that the other has; or any, where a metric says `missing: error`",
      ),
      check("rows-missing", strict, "one arm lacks more than 0.1 % of the labelled rows"),
      check("units-missing", strict, "one arm lacks more than 0.1 % of the units that a metric of its own or a judge's file is about"),
      check("missing-in-slices", look, "one arm lacks more than 1 % of the queries or rows of a slice, though it may be little of all"),
      check("snapshots-differ", strict, "the values of `columns.snapshot` differ between the arms"),
      check("windows-differ", strict, "both arms have `columns.time`, and their first or last times differ"),
      check("slice-varies-within-<what>", "error", "a slice has two values for one query, row or unit, within an arm or between the arms"),
      check(
        "slice-divides-units",
        look,
        "rows of one unit lie in several slices by quantiles, or of a metric with one score a unit: that metric is not measured in them, all else is",
      ),
      check("unit-varies-within-<what>", "error", "one query or row belongs to two units"),
      check("cluster-varies-within-<what>", "error", "one unit or row belongs to two clusters"),
      check("weight-varies-within-<what>", "error", "one unit or row has two weights"),
      check("propensity-varies-within-<what>", "error", "one logged row has two propensities"),
      check("column-varies", "error", "a column that a metric's expression reads has two values for one item of a query"),
    ],
  },
  {
    title: "What the model may have been shown",
    checks: [
      check(
        "score-equals-label",
        "error",
        "an arm's score is the label: on every row (at least 30), or on every judged item (at least 30 queries)",
      ),
      check(
        "scores-order-as-labels",
        "inconclusive",
        "an arm's scores order at least 30 rows, or the items of at least 30 queries, exactly as the labels do (an AUC of exactly 1)",
      ),
      check(
        "window-overlaps-training",
        strict,
        "`lineage.trainedUntil` lies after the begin of `evaluation.window`, or of the evaluated times without one",
      ),
      check("times-outside-window", "error", "evaluated times lie outside of `evaluation.window`"),
      check("units-seen-in-training", strict, "more evaluated units are in `evaluation.trainingUnits` than its `allow`, by default none"),
    ],
  },
  {
    title: "Labels and lists",
    checks: [
      check("judged-at-k", "pass", "the share of the first k places that has a label, in each arm"),
      check(
        "judged-at-k-gap",
        look,
        "that share differs by more than 5 points: the arm with more unjudged items looks worse than it may be",
      ),
      check("ties-at-k", look, "more than 10 % of an arm's queries have equal scores on both sides of place k: the order of ids decides"),
      check(
        "rows-per-query",
        look,
        "fewest, median and most rows of a query; a look where all lists of an arm end at one place before the deepest cutoff",
      ),
      check(
        "scores-all-tied",
        ["error", "inconclusive"],
        "all scores are equal: in every list of a ranking (`error`), on all rows of a classifier or a forecast (a look)",
      ),
      check("queries-unlabelled", "inconclusive", "queries without any label, which are left aside"),
      check("rows-unlabelled", "inconclusive", "rows without a label, which are left aside"),
      check("labels-negative", "error", "negative grades, unless `evaluation.negativeLabels` says that they are worth nothing"),
      check("class-rare", "inconclusive", "a class of fewer than 30 rows"),
      check("items-not-described", look, "listed items that the catalogue does not have"),
    ],
  },
  {
    title: "Judges, preferences and logged decisions",
    checks: [
      check("judged-by-unreadable", "error", "the file that says who judged is no JSON object"),
      check("judges", "pass", "who judged, in each arm"),
      check("judges-differ", "error", "the arms were judged by different judges or prompts"),
      check("judges-not-named", "inconclusive", "the files do not say who judged"),
      check("repeats", "pass", "how many rows each unit has; they are averaged first"),
      check("repeats-unbalanced", "inconclusive", "units have different numbers of rows"),
      check("first-unknown", "error", "the column of what was shown first holds neither arm"),
      check("one-order", "error", "all pairs were shown in one order"),
      check("order-bias", look, "the candidate is preferred clearly more often in one place than in the other"),
      check("units-unknown", ["inconclusive", "error"], "units in a score file that the evaluation does not have"),
      check("off-policy-weights", look, "weights of logged decisions that rest on few rows, or whose mean is not 1"),
    ],
  },
  {
    title: "Benchmarks",
    checks: [
      check("benchmark-rows-of-others", "pass", "rows of neither arm, which are left aside"),
      check("not-interleaved", look, "requests that were not made in alternating blocks, so that latencies are not compared"),
      check("machine-not-named", "inconclusive", "a benchmark that does not say on which machine it ran"),
    ],
  },
  {
    title: "Gates and definition",
    checks: [
      check(
        "gate-rarely-passes",
        "inconclusive",
        "equal quality would pass a gate in less than half of the runs; the margin that it would meet in 80 % is named",
      ),
      check("new-model", "pass", "the default branch does not have the model: its own gates only inform"),
      check("ignored-changes", "pass", "what the pull request changes of the definition, and does not count"),
      check("metric-input-missing", "error", "a metric needs a column that is not declared"),
      check("metric-undefined", "error", "a metric's own expression has a value in one arm only for more than 0.1 % of the units"),
      check("metric-sql-invalid", "error", "a metric's own expression is not one SQL expression over the declared columns"),
      check("slice-predicate-invalid", "error", "a slice's predicate is not one SQL expression about one row, or cannot be computed"),
      check("slice-column-reserved", "error", "a slice column called `name`"),
      check("too-many-slices", "error", "a slice column with more than 500 values: identifiers, not slices"),
      check("neighbours-too-few", "error", "fewer exact neighbours of a query than a metric compares"),
      check("propensity-undeclared", "error", "clicks are weighted, and nothing says how likely an item was seen"),
    ],
  },
  {
    title: "Files",
    checks: [
      check(
        "<what>-missing",
        ["no-data", "error"],
        "there is no such file (`no-data` for predictions and benchmarks), or a column is empty where every row needs it",
      ),
      check("<what>-refused", "error", "a path leads out of the repository, or through a link"),
      check("remote-not-supported", "no-data", "a benchmark, scores or the units of training lie elsewhere than in the repository"),
      check("artifact-differs", "error", "the artifact's bytes are not those that model.yaml declares"),
      check("not-a-file", "error", "a folder, or something else that is no file"),
      check("file-empty", "error", "no bytes, or columns without a row"),
      check("file-name-unsupported", "error", "a name with one of `* ? [ ] { }`"),
      check("files-of-several-formats", "error", "the parts of one table have several formats"),
      check("format-unknown", "error", "a name that ends with no known format"),
      check(
        "file-unreadable",
        "error",
        "a torn line, a broken page, bytes that are not of the format: which file, and where DuckDB knows it",
      ),
      check("too-many-rows", "error", "more rows than are compared at once"),
      check("column-missing", "error", "a declared column is not there; what is there, and what is nearest, is named"),
      check("column-ambiguous", "error", "a column that a metric reads is in several files"),
    ],
  },
  {
    title: "Buckets, servers and tables",
    checks: [
      check("bucket-missing", "error", "there is no such bucket"),
      check("credentials-missing", "error", "there are no credentials for Google Cloud, or none that work"),
      check("credentials-refused", "error", "the credentials are not accepted: wrong, or no longer valid"),
      check("access-denied", "error", "the credentials are accepted, and may not read"),
      check("source-unreachable", "error", "nothing answers: a wrong host, no network, or a server that keeps failing"),
      check("source-failed", "error", "the server refuses, and says why with a code"),
      check("source-redirected", "error", "the host sends readers to another one"),
      check("download-truncated", "error", "the connection broke each time"),
      check("file-too-large", "error", "more bytes than are copied"),
      check("bigquery-unreachable", "error", "BigQuery does not answer"),
      check("bigquery-failed", "error", "BigQuery could not answer, and says why"),
      check("not-on-bigquery", "error", "something that cannot be computed on BigQuery, and what to do instead"),
      check("scan-too-large", "error", "the queries would scan more than the budget; nothing was run"),
      check("too-many-queries", "error", "more queries than are compared at once"),
      check("sources-mixed", "error", "some inputs are tables of BigQuery and others files"),
      check("table-name-invalid", "error", "a table is not written bigquery://project.dataset.table"),
    ],
  },
  {
    title: "Values",
    checks: [
      check("<role>-not-numeric", "error", "text where a number is needed: how many rows, and where for example"),
      check("<role>-not-finite", "error", "NaN or infinite"),
      check("<role>-out-of-range", "error", "a probability, propensity or score outside of its range"),
      check("identifier-missing", "error", "a row without its query, item, key, unit or cluster"),
      check("duplicate-rows", "error", "an item of a query, or a row's key, comes twice"),
      check("duplicate-items", "error", "an item comes twice in the catalogue"),
      check("labels-conflict", "error", "two labels of one item or row"),
      check("labels-not-binary", "error", "labels that are neither 0 nor 1, and no `columns.positive`"),
      check("label-too-large", "error", "a label whose gains cannot be added up exactly"),
      check("label-above-max-grade", "error", "a label above the best grade that a metric declares"),
      check("value-too-large", "error", "a value that cannot be added up exactly"),
      check("gain-not-mapped", "error", "a label that a metric's map of gains does not know"),
      check("unit-without-relevant", "error", "nothing relevant in a query, where a metric says `noRelevant: error`"),
      check("class-unknown", "error", "a class that is none of the declared ones"),
      check("weight-invalid", "error", "a weight that is no number of at least 0, or 0 for a query"),
      check("probabilities-do-not-sum", "error", "the classes' probabilities of a row do not sum to 1"),
      check("interval-inverted", "error", "an interval whose upper end lies below its lower"),
      check("time-not-a-time", "error", "`columns.time` holds what is no time"),
      check("time-implausible", "error", "a time before 2000 or after 2099: a mistake of unit or format"),
      check("item-value-negative", "error", "a negative popularity, or another value of the catalogue that cannot be"),
      check("item-vector-invalid", "error", "an item's vector that is no list of numbers"),
      check("item-vectors-differ", "error", "vectors of different lengths"),
      check("popularity-above-users", "error", "an item that more users know than there are"),
    ],
  },
  {
    title: "The machine",
    checks: [
      check("memory-limit", "error", "DuckDB needs more memory than it may use: `--memory-limit`"),
      check("disk-full", "error", "DuckDB's temporary directory is full: `TMPDIR`"),
      check("engine-failed", "error", "DuckDB failed in another way; its first line is shown"),
    ],
  },
];
