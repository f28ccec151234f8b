import type { Pool } from 'pg'
import type { Platform } from './domain/platform.ts'
import { newId } from './io/ids.ts'
import type { Crash } from './io/observe/crash.ts'
import { pageSubjectsOfPlatform, readResidents } from './link/persons/residents.db.ts'
import type { Survivorship } from './link/subjects/survivorship.ts'
import type { CandidatesDeps } from './programmes/candidates.route.ts'
import type { ReadResults } from './programmes/facts/household.ts'
import type { ProgrammeBook } from './programmes/rules/read-book.ts'
import type { WhatIfDeps } from './programmes/what-if.route.ts'
import { countHeld, readHeldSubjects } from './reports/held.sql.ts'
import type { AgreedCoverage } from './trust/agreements/coverage.ts'
import type { Vault } from './trust/keys/vault.ts'

export type ProgrammeDeps = {
  db: Pool
  /** The database as workers see it: a household is made of the records of all platforms. */
  whole: Pool
  vault: Pick<Vault, 'open' | 'lastingText' | 'lastingOf'>
  survivorship: Survivorship
  coverage: AgreedCoverage
  book: ProgrammeBook
  platforms: ReadonlyMap<string, Platform>
  readResults: ReadResults
  crash: Crash
  clock: () => Date
}

/** What the routes of programmes are given: residents of the link stage, results, and what is held. */
export function programmeParts(deps: ProgrammeDeps): CandidatesDeps & WhatIfDeps {
  const { db, whole, vault, survivorship, coverage, book, platforms, readResults, crash, clock } = deps
  return {
    ...{ db, crash, book, platforms, clock, readResults, facts: book.facts },
    newList: () => newId('lst'),
    timer: () => performance.now(),
    pageSubjects: (platform, level, after, limit) => pageSubjectsOfPlatform(db, platform, level, after, limit),
    countHeld: (platform) => countHeld(db, platform),
    async readResidents(platform, subjects) {
      const residents = await readResidents({ db: whole, vault, survivorship, coverage }, platform, subjects)
      const held = await readHeldSubjects(db, platform, subjects)
      return residents.map((resident) => ({ ...resident, isHeld: held.has(resident.self.subject) }))
    },
  }
}
