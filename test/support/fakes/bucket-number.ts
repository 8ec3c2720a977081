/** What buckets read of a row: a number, or nothing. */
export function bucketNumber(value: unknown, refuse: () => Error): number | null {
  if (value === null) return null;
  if (Number.isNaN(Number(value))) throw refuse();
  return Number(value);
}
