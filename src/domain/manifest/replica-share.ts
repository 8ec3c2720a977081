/** How many of all replicas are the candidate's, so that it gets `weight` per cent; undefined when that is no whole number. */
export function candidateReplicas(replicas: number, weight: number): number | undefined {
  const share = (replicas * weight) / 100;
  return Number.isInteger(share) ? share : undefined;
}
