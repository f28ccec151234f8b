import { randomBytes } from 'node:crypto'
import { type IdKind, idFrom } from '../domain/ids.ts'

/** A fresh id of a kind, sortable by age. */
export function newId<K extends IdKind>(kind: K): `${K}_${string}` {
  return idFrom(kind, Date.now(), randomBytes(16))
}
