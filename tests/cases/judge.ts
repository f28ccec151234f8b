import { createReadStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { compileRegistry } from '../../src/catalogue/registry.ts'
import { unpacked } from '../../src/cli/dataset/unpacked.ts'
import type { CleanEntry } from '../../src/domain/entry.ts'
import { FileKeys } from '../../src/intake/file-keys.ts'
import { readEntries } from '../../src/intake/formats/read.ts'

const registry = compileRegistry(
  await readRegistry([fileURLToPath(new URL('../../src/registry', import.meta.url))]),
  (identity) => Buffer.from(identity).toString('hex').slice(0, 24),
)

/** The address of an input of a case. */
export const inputOf = (name: string) => fileURLToPath(new URL(`inputs/${name}`, import.meta.url))

/** A file of a case as check judges it. */
export async function judge(name: string, dataset: string, platform = 'carik-jakarta'): Promise<CleanEntry[]> {
  return judgeBytes(unpacked(inputOf(name)), dataset, platform)
}

/** The text of a file as check judges it. */
export async function judgeText(text: string | Buffer, dataset: string, platform = 'carik-jakarta') {
  const bytes = (async function* () {
    yield Buffer.from(text)
  })()
  return judgeBytes(bytes, dataset, platform)
}

async function judgeBytes(bytes: AsyncIterable<Buffer>, name: string, platformName: string): Promise<CleanEntry[]> {
  const dataset = registry.datasets.get(name)
  const platform = registry.platforms.get(platformName)
  if (dataset === undefined || platform === undefined) throw new Error(`no ${name} or ${platformName}`)
  const keys = new FileKeys()
  const judged: CleanEntry[] = []
  for await (const entry of readEntries(bytes, dataset.format, { recordBytes: 1024 * 1024 }))
    judged.push(keys.judge(dataset.clean(entry, platform)))
  return judged
}

/** Line, verdict, and what was found, as one short line each. */
export function told(entries: readonly CleanEntry[]): string[] {
  return entries.map(({ line, verdict, findings }) =>
    [line, verdict, ...findings.map(({ code, path }) => `${code}${path === '' ? '' : ` ${path}`}`)].join('; '),
  )
}

/** A field of each person in a file. */
export function fieldsOf(entries: readonly CleanEntry[], field: string): unknown[] {
  return entries.flatMap(({ records }) =>
    records.filter(({ level }) => level === 'individu').map(({ fields }) => fields[field]),
  )
}

/** The bytes of an input, to be changed. */
export async function bytesOf(name: string): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of createReadStream(inputOf(name))) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}
