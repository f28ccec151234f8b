/** Seconds by which a process's clock may differ from PostgreSQL's: a quarter of a lease. */
export function toleratedOffset(leaseSeconds: number): number {
  return leaseSeconds / 4
}
