import type { Judgement } from '../rules/compile-programme.ts'
import type { Facts } from './facts.ts'
import type { Resident } from './household.ts'
import type { Within } from './place.ts'

/** Whom a list is made of: a platform's residents of a scope, of these the ones of a region ('' for all), on a day. */
export type ListFrame = { platform: string; scope: readonly string[]; region: string; day: string }

/** A resident with what was found about it. */
export type Evaluated = { resident: Resident; facts: Facts; within: Within; verdict: Judgement }
