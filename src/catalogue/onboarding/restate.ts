import type { CanonicalRecord } from '../../domain/entry.ts'
import type { Platform } from '../../domain/platform.ts'
import { type DatasetExample, entryOf, othersOf } from '../examples.ts'
import type { CompiledDataset } from '../registry.ts'

const ALWAYS = ['level', 'key', 'fields'] as const

/** An example that says what the dataset makes of its record now: the same parts as before, right or wrong. */
export function restate(dataset: CompiledDataset, example: DatasetExample, platform: Platform): DatasetExample {
  const { verdict, findings, records } = dataset.clean(
    entryOf(dataset, example.in),
    platform,
    othersOf(dataset, example),
  )
  const found = findings.map(({ code, path }) => ({ code, path }))
  return {
    ...example,
    verdict,
    ...(example.out === undefined ? {} : { out: records.map((record, at) => partsOf(record, example.out?.[at])) }),
    ...(example.findings === undefined && verdict === 'accepted' ? {} : { findings: found }),
  }
}

/** A derived key depends on the gateway's secret: an example says only that there is one. */
function partsOf(record: CanonicalRecord, before: Partial<CanonicalRecord> | undefined): Partial<CanonicalRecord> {
  const named = Object.keys(before ?? {})
  const parts = Object.entries(record).filter(([part]) => named.includes(part) || ALWAYS.some((name) => name === part))
  return { ...Object.fromEntries(parts), key: record.key.startsWith('~') ? '~' : record.key }
}
