/** Lists of items per query, judged by grades, or by the exact neighbours that an index should find. */
export const listTasks = ["ranking", "retrieval"] as const;
export type ListTask = (typeof listTasks)[number];

/** What a model is evaluated as: lists per query, rows with a class or a number each, another policy's logged decisions, or judged units. */
export const tasks = [...listTasks, "classification", "regression", "bandit", "judged"] as const;

export function isListTask(task: (typeof tasks)[number]): task is ListTask {
  return listTasks.some((known) => known === task);
}
