import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { families } from '../families.ts'

type Below = (n: number) => number
/** One push: its bytes, and how many entries its sender counts in them. */
export type Body = { dataset: string; type: string; bytes: Buffer; entries: number }
/** What a platform sends, drawn anew each time. */
export type Source = { platform: string; draw(below: Below): Body }

const SAMPLES = join(import.meta.dirname, '..', '..', 'tests', 'samples')
const CSV = 'text/csv'
const NDJSON = 'application/x-ndjson'
// Few windows: families come again and again, some of them with another floor, as surveys do.
const WINDOWS = 80
const WINDOW = 40

/** Platforms of several layouts; what they send is synthetic. */
export function sources(): Source[] {
  return [
    { platform: 'carik-jakarta', draw: carik },
    sample('jembrana', 'dtks-individu.csv', CSV),
    sample('jembrana', 'dtks-rumah-tangga.csv', CSV),
    sample('smart-kampung-banyuwangi', 'smart-kampung.ndjson', NDJSON),
    sample('sumedang', 'sumedang.csv', CSV),
  ]
}

function carik(below: Below): Body {
  const lines = [...families(WINDOW, 1, below(WINDOWS) * WINDOW)].map((line) =>
    below(3) > 0 ? line : JSON.stringify({ ...JSON.parse(line), luas_lantai: 12 + below(120) }),
  )
  return bodyOf('carik', NDJSON, [], lines)
}

/** Cuts pieces out of a sample file; left out are rows that a count of lines could not count. */
function sample(platform: string, file: string, type: string): Source {
  const text = readFileSync(join(SAMPLES, platform, file), 'latin1')
  const lines = text.split(/\r?\n/).filter(Boolean)
  const head = type === CSV ? lines.slice(0, 1) : []
  const separator = head[0]?.includes(';') ? ';' : ','
  const cells = (line: string) => line.split(separator).length
  const rows = lines
    .slice(head.length)
    .filter((line) => type === NDJSON || (!/["\r]/.test(line) && cells(line) === cells(head[0] ?? '')))
  const dataset = file.replace(/\.\w+$/, '')
  return {
    platform,
    draw(below) {
      const from = below(rows.length - 20)
      return bodyOf(dataset, type, head, rows.slice(from, from + 20 + below(60)))
    },
  }
}

function bodyOf(dataset: string, type: string, head: string[], rows: string[]): Body {
  const encoding = dataset === 'carik' ? 'utf8' : 'latin1'
  return { dataset, type, bytes: Buffer.from(`${[...head, ...rows].join('\n')}\n`, encoding), entries: rows.length }
}
