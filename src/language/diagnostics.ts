import { TitianError } from '../domain/error.ts'
import type { DocumentPlace } from './document.ts'

/** One mistake in a registry: where, and a sentence that says what to do. */
export type Diagnostic = { file: string; line: number; field: string; text: string }

/** Collects the mistakes of a registry, so that its author sees all of them at once. */
export class Diagnostics {
  readonly list: Diagnostic[] = []
  /** Mistakes of dataset versions that are drafts: they are left out of the registry, and stop nothing else. */
  readonly drafts: Diagnostic[] = []

  add(place: DocumentPlace, text: string): void {
    const diagnostic = { file: place.file, line: place.line, field: place.field, text }
    if (!this.list.some((other) => sentence(other) === sentence(diagnostic))) this.list.push(diagnostic)
  }

  /** Collects what is said meanwhile apart, as mistakes of a draft where it is one. Gives whether nothing was said. */
  within<T>(isDraft: boolean, read: () => T): { value: T; isSound: boolean } {
    const before = this.list.length
    const value = read()
    const isSound = this.list.length === before
    if (isDraft) this.drafts.push(...this.list.splice(before))
    return { value, isSound }
  }

  /** Throws `registry-invalid` with one line per diagnostic, if there is any. */
  throwIfAny(): void {
    if (this.list.length === 0) return
    throw new TitianError('registry-invalid', this.list.map(sentence).join('\n'))
  }
}

/** `datasets/carik/1/mapping.yaml:12 records/0/fields/alamat: …`, as editors and terminals link it. */
export function sentence({ file, line, field, text }: Diagnostic): string {
  return `${file}:${line} ${field === '' ? '' : `${field}: `}${text}`
}
