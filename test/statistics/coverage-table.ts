/** Sizes of an evaluation, in clusters. */
export const sizes = [30, 225, 2000] as const;

export type Cell = { readonly size: number; readonly held: number; readonly total: number; readonly enumerated?: number };
export type Figure = { readonly method: string; readonly data: string; readonly cells: readonly Cell[] };

/** Share of evaluations whose interval held the truth, in percent. */
export function coverageOf({ held, total }: Cell): number {
  return (100 * held) / total;
}

/** The figures as a table for docs/statistics.md; what enumeration gives stands in parentheses. */
export function coverageTable(figures: readonly Figure[]): string {
  const head = ["interval, 95 %", "data", ...sizes.map((size) => `n = ${size}`)];
  const rows = figures.map(({ method, data, cells }) => [
    method,
    data,
    ...sizes.map((size) => {
      const cell = cells.find((known) => known.size === size);
      if (cell === undefined) return "";
      const enumerated = cell.enumerated === undefined ? "" : ` (${cell.enumerated.toFixed(1)})`;
      return `${coverageOf(cell).toFixed(1)}${enumerated}`;
    }),
  ]);
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
