"""nDCG@10, recall@10 and MRR of two arms with polars: means, and the standard error of the paired difference of nDCG. Prints JSON."""
import json
import sys

import polars as pl

folder = sys.argv[1]
labels = pl.scan_parquet(f"{folder}/labels.parquet").select("query_id", "item_id", "grade")


def per_query(arm: str) -> pl.LazyFrame:
    ranked = (
        pl.scan_parquet(f"{folder}/predictions/{arm}.parquet")
        .join(labels, on=["query_id", "item_id"], how="left")
        .sort(["query_id", "score", "item_id"], descending=[False, True, True])
        .with_columns(k=pl.int_range(1, pl.len() + 1).over("query_id"), gain=pl.col("grade").fill_null(0))
    )
    found = ranked.group_by("query_id").agg(
        dcg=(pl.col("gain") / (pl.col("k") + 1).log(2)).filter(pl.col("k") <= 10).sum(),
        hits=((pl.col("gain") > 0) & (pl.col("k") <= 10)).sum(),
        first=pl.col("k").filter(pl.col("gain") > 0).min(),
    )
    ideal = (
        labels.sort(["query_id", "grade"], descending=[False, True])
        .with_columns(k=pl.int_range(1, pl.len() + 1).over("query_id"))
        .group_by("query_id")
        .agg(ideal=(pl.col("grade") / (pl.col("k") + 1).log(2)).filter(pl.col("k") <= 10).sum(), relevant=pl.len())
    )
    return ideal.join(found, on="query_id", how="left").select(
        "query_id",
        (pl.col("dcg").fill_null(0) / pl.col("ideal")).alias("ndcg@10"),
        (pl.col("hits").fill_null(0) / pl.col("relevant")).alias("recall@10"),
        (1 / pl.col("first")).fill_null(0).alias("mrr"),
    )


metrics = ["ndcg@10", "recall@10", "mrr"]
both = per_query("candidate").join(per_query("baseline"), on="query_id", suffix=" b")
means = [pl.col(metric).mean().alias(f"candidate {metric}") for metric in metrics]
means += [pl.col(f"{metric} b").mean().alias(f"baseline {metric}") for metric in metrics]
errors = [((pl.col(metric) - pl.col(f"{metric} b")).std() / pl.len().sqrt()).alias(f"standard error {metric}") for metric in metrics]
engine = sys.argv[2] if len(sys.argv) > 2 else "auto"
print(json.dumps(both.select(*means, *errors).collect(engine=engine).to_dicts()[0]))
