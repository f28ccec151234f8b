import { CODE_PREDICATES } from './code.ts'
import { DATE_PREDICATES } from './date.ts'
import { FAMILY_PREDICATES } from './family.ts'
import { NAME_PREDICATES } from './name.ts'
import { NIK_PREDICATES } from './nik.ts'
import type { Predicate } from './predicate.ts'
import { VALUE_PREDICATES } from './value.ts'

/** Every condition that rule files may use; the checker, the compiler and the page of the book read this one table. */
export const PREDICATES: Readonly<Record<string, Predicate>> = {
  ...VALUE_PREDICATES,
  ...CODE_PREDICATES,
  ...DATE_PREDICATES,
  ...NIK_PREDICATES,
  ...NAME_PREDICATES,
  ...FAMILY_PREDICATES,
}
