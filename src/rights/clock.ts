/** Three times 24 hours: what UU PDP 27/2022 gives for a correction (30), access (32), a restriction (41) and the notice of a breach (46). */
export const LAWFUL_HOURS = 72

/** When what was asked for, or known, at a moment is due by law. */
export function dueAt(since: Date): Date {
  return new Date(since.getTime() + LAWFUL_HOURS * 3_600_000)
}
