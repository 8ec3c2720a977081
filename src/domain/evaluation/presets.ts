import type { Convention } from "./convention.ts";

/** How a library computes the metrics that it has, so that its number can be reproduced. */
export type Preset = {
  readonly about: string;
  /** The families that the library has, by its own names for them. */
  readonly metrics: Readonly<Record<string, string>>;
  readonly convention: Partial<Convention>;
  /** Where one metric of the library differs from its others. */
  readonly byFamily?: Readonly<Record<string, Partial<Convention>>>;
};

export const presetNames = ["trec_eval", "ranx", "sklearn", "recpack", "rectools", "evidently"] as const;
export type PresetName = (typeof presetNames)[number];

export const presets: Readonly<Record<PresetName, Preset>> = {
  trec_eval: {
    about:
      "Scores are read as float32, equal ones ordered by id descending; a query without a relevant item counts 0; one missing in the run is left out (with missing: zero, as trec_eval -c).",
    metrics: {
      ndcg: "ndcg, ndcg_cut_k",
      recall: "recall_k",
      precision: "P_k",
      hit_rate: "success_k",
      mrr: "recip_rank",
      map: "map, map_cut_k",
      r_precision: "Rprec",
      bpref: "bpref",
    },
    convention: { gain: "linear", ideal: "judged", ties: "id_desc", scores: "float32", noRelevant: "zero", missing: "intersect" },
  },
  ranx: {
    about:
      "A relevance level drops lower grades from graded metrics too; a query without a relevant item counts 0; runs that lack a query are refused. ranx orders equal scores as its unstable sort leaves them: here by id descending. For ndcg_burges and dcg_burges add gain: exp2.",
    metrics: {
      ndcg: "ndcg@k, ndcg_burges@k",
      dcg: "dcg@k, dcg_burges@k",
      recall: "recall@k",
      precision: "precision@k",
      f1: "f1@k",
      hit_rate: "hit_rate@k",
      mrr: "mrr@k",
      map: "map@k",
      r_precision: "r-precision",
      rbp: "rbp.p (p: 0.8 is rbp.80)",
    },
    convention: { gain: "linear", ideal: "judged", ties: "id_desc", level: "everywhere", noRelevant: "zero", missing: "error" },
  },
  sklearn: {
    about:
      "Equal scores are averaged over all their orders, the ideal is that of the listed items, and a query without a relevant item counts 0.",
    metrics: { ndcg: "ndcg_score", dcg: "dcg_score" },
    convention: { gain: "linear", ideal: "retrieved", ties: "average", noRelevant: "zero", missing: "error" },
  },
  recpack: {
    about:
      "Relevance is binary, and users without a relevant item are left out. RecPack leaves equal scores in the order of its sort: here by id descending.",
    metrics: {
      ndcg: "NDCGK",
      dcg: "DCGK",
      recall: "RecallK",
      recall_capped: "CalibratedRecallK",
      precision: "PrecisionK",
      hit_rate: "HitK where users have one relevant item each; else HitK counts hits. With clicks: ips, IPSHitRateK",
      mrr: "ReciprocalRankK",
      coverage: "CoverageK",
    },
    convention: { gain: "binary", ideal: "judged", ties: "id_desc", noRelevant: "skip", missing: "zero" },
    byFamily: { coverage: { over: "catalogue" } },
  },
  rectools: {
    about:
      "Relevance is binary, the ideal of nDCG is k relevant places whatever the number of relevant items, and an item that nobody took has popularity 0, or 1 in novelty. Say the number of users for novelty; for IntraListDiversity with Hamming distances add distance: hamming and the column of the vectors.",
    metrics: {
      ndcg: "NDCG",
      recall: "Recall",
      precision: "Precision (divisor capped is r_precision=True)",
      hit_rate: "HitRate",
      mrr: "MRR",
      map: "MAP (divisor k is divide_by_k=True)",
      partial_auc: "PartialAUC",
      pap: "PAP",
      mcc: "MCC",
      coverage: "CatalogCoverage(normalize=True)",
      arp: "AvgRecPopularity",
      novelty: "MeanInvUserFreq",
      serendipity: "Serendipity",
      ild: "IntraListDiversity",
    },
    convention: { gain: "binary", ideal: "full_k", ties: "id_desc", noRelevant: "skip", missing: "zero" },
    byFamily: { arp: { unseen: "zero" }, novelty: { unseen: "one" }, coverage: { over: "catalogue" } },
  },
  evidently: {
    about:
      "Only items that are recommended (Gini) or that somebody took before (coverage) count, and items that nobody took are left out of popularity and novelty.",
    metrics: {
      coverage: "PopularityBias coverage, cut at k on both sides",
      gini: "PopularityBias gini",
      arp: "PopularityBias apr (scale of_most_popular is normalize_arp=True)",
      novelty: "Novelty",
      personalisation: "Personalization",
    },
    convention: { unseen: "skip" },
    byFamily: {
      coverage: { over: "taken_only" },
      gini: { over: "recommended_only", divisor: "items_less_one" },
      personalisation: { similarity: "overlap" },
    },
  },
};
