import type { CleanEntry } from '../../domain/entry.ts'

const SHOWN = 10
/** A NIK or No. KK within a key: the district that issued it is nobody's, the rest is. */
const IDENTITY_NUMBER = /(?<!\d)(\d{6})\d{10}(?!\d)/g

type Repeated = { line: number; path: string; key: string }

/** The keys that stand twice in a file with other content, each with its line: the first ten, and how many there are. */
export class RepeatedKeys {
  readonly first: Repeated[] = []
  count = 0

  /** Takes an entry as it was cleaned, and as the keys before it had it judged. */
  add({ line, key, records }: CleanEntry, judged: CleanEntry): void {
    for (const { code, path } of judged.findings) {
      if (code !== 'key-twice') continue
      this.count += 1
      const repeated = records.find((record) => record.path === path)?.key ?? key ?? ''
      if (this.first.length < SHOWN) this.first.push({ line, path, key: withoutIdentity(repeated) })
    }
  }
}

function withoutIdentity(key: string): string {
  return key.replace(IDENTITY_NUMBER, '$1**********')
}
