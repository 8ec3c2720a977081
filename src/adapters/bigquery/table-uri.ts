/** A table or view of BigQuery. */
export type TableRef = { readonly project: string; readonly dataset: string; readonly table: string };

const spelling = /^bigquery:\/\/([a-z][a-z0-9-]{1,28}[a-z0-9])\.(\w{1,1024})\.([\w-]{1,1024})$/;

/** Reads `bigquery://project.dataset.table`; null: it is spelled otherwise. */
export function tableRef(uri: string): TableRef | null {
  const [, project, dataset, table] = spelling.exec(uri) ?? [];
  return project === undefined || dataset === undefined || table === undefined ? null : { project, dataset, table };
}

export function tableSql({ project, dataset, table }: TableRef): string {
  return `\`${project}.${dataset}.${table}\``;
}
