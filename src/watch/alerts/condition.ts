import type { Figures } from '../../io/observe/figures.ts'

/** What can be looked at without Prometheus: the figures of the database, and the free share of this process's disks by folder. */
export type InView = { figures: Figures; disks: Readonly<Record<string, number>> }

/** One thing that is wrong: `of` says whose (a platform, a stage, a receiver, a folder), or is empty; the value is a figure. */
export type Trouble = { of: string; value: number }

/** What somebody is called for. */
export type AlertCondition = {
  /** Names the alert, and its page in docs/operations/alerts. */
  name: string
  /** `page`: look at once, also at night. `ticket`: look today. */
  severity: 'page' | 'ticket'
  /** For how many minutes it must hold without a break. */
  minutes: number
  /** The same for Prometheus. */
  expr: string
  id: string
  en: string
  /** What to do, in a few words; its page says more. */
  todo?: string
  /** Finds it in what is seen; undefined where Prometheus alone can see it. */
  look?: (seen: InView) => Trouble[]
}

/** Those of the named values that are over a limit. */
export function over(limit: number, values: Readonly<Record<string, number>>): Trouble[] {
  return Object.entries(values).flatMap(([of, value]) => (value > limit ? [{ of, value }] : []))
}

/** A single value that is over its limit. */
export function single(limit: number, value: number): Trouble[] {
  return over(limit, { '': value })
}
