import type { DeliveryLine } from '../../../../src/domain/golden.ts'
import type { SubjectId } from '../../../../src/domain/ids.ts'

/** What a receiver knows that takes deliveries in their order, by the recipe of docs/how-to/receive.md. */
export class KnownSubjects {
  readonly latest = new Map<SubjectId, DeliveryLine>()
  /** Family ids that a delivery named before anybody had told of them. */
  readonly dangling: SubjectId[] = []

  take(lines: readonly DeliveryLine[]): void {
    for (const line of lines) {
      const before = this.latest.get(line.subject)
      if (before === undefined || before.version < line.version) this.latest.set(line.subject, line)
    }
    for (const line of lines) {
      const family = familyOf(line)
      if (family !== undefined && !this.latest.has(family)) this.dangling.push(family)
    }
  }

  /** The id that a subject goes by; undefined where nobody told of it, or where it was withdrawn. */
  now(id: SubjectId): SubjectId | undefined {
    let line = this.latest.get(id)
    while (line?.kind === 'merged') line = this.latest.get(line.into)
    return line?.kind === 'withdrawn' ? undefined : line?.subject
  }

  /** Persons who were not merged into others. */
  persons(): DeliveryLine[] {
    return [...this.latest.values()].filter(({ level, kind }) => level === 'individu' && kind === undefined)
  }

  /** Persons whose family is known under no id. */
  orphans(): DeliveryLine[] {
    return this.persons().filter((line) => {
      const family = familyOf(line)
      return family !== undefined && this.now(family) === undefined
    })
  }
}

/** The family that a line names. */
function familyOf(line: DeliveryLine): SubjectId | undefined {
  return 'family' in line ? line.family : undefined
}
