/** What a model is evaluated as: lists of items per query, or rows with a class or a number each. */
export const tasks = ["ranking", "classification", "regression"] as const;
