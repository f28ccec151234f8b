import type { PersonId } from '../domain/ids.ts'
import { areContradicting, doNamesDiffer } from './guard.ts'
import type { Incoming, Named } from './prepare.ts'
import { type Index, type Subject, standing } from './subject.ts'
import { addSubject, lead, led, settle, type World } from './world.ts'

/**
 * Whether the NIK of a record cannot be its own: it leads to a person whom every record of other keys contradicts, or another
 * member of the same entry, of another name, carries it too.
 */
export function isNikShared(
  world: World,
  { key, record }: Incoming,
  nik: Index | undefined,
  carriers: readonly Incoming[],
): boolean {
  if (carriers.some((other) => doNamesDiffer(record, other.record))) return true
  const person = led(world, nik)
  if (person === undefined) return false
  let others = 0
  for (const source of person.sources.values()) {
    if (source.key === key) continue
    if (!areContradicting(record, source.open())) return false
    others += 1
  }
  return others > 0
}

/** The person of a record: by its key, else by its NIK, else somebody new. `formerNik` is one that only this record carried. */
export function personOf(
  world: World,
  { key, line }: Incoming,
  { nik }: Named,
  formerNik: Index | undefined,
  newId: () => PersonId,
): Subject {
  const before = world.stored.get(key)?.subject
  const known = before && standing(before)
  if (known !== undefined && formerNik !== undefined && formerNik !== nik) release(world, known, formerNik)
  const person = settle(world, known, led(world, nik), line) ?? addSubject(world, newId(), 'individu')
  lead(world, nik, 'nik', person)
  return person
}

/** A NIK that was corrected leads to nobody, so that its owner is not taken for a stranger when they come. */
function release(world: World, person: Subject, nik: Index): void {
  // Not asked for by this chunk it is not in the world, but a record's NIK always leads to the person of the record.
  if (world.identifiers.has(nik) && led(world, nik) !== person) return
  world.identifiers.delete(nik)
  if (!world.added.delete(nik)) world.removed.add(nik)
  person.anchors -= 1
  person.isDirty = true
}
