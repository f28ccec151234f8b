import { readFile } from 'node:fs/promises'

type Family = Record<string, unknown> & { anggota: Record<string, unknown>[] }

const FAMILIES = 40

/** Families of the sample with faults of each severity: held, rejected, and warned of. */
export async function sampleWithFaults(): Promise<string> {
  const text = await readFile(new URL('../samples/carik-jakarta/carik.ndjson', import.meta.url), 'utf8')
  const families: Family[] = text
    .split('\n')
    .slice(0, FAMILIES)
    .map((line) => JSON.parse(line))
  for (const at of [1, 6, 17]) Object.assign(families[at] ?? {}, { kode_kelurahan: '3199999999' })
  Object.assign(families[4] ?? {}, { kode_kelurahan: '3510010001' })
  Object.assign(families[11] ?? {}, { anggota: 'tidak ada' })
  Object.assign(families[8]?.anggota[0] ?? {}, { nik: '317' })
  return `${families.map((family) => JSON.stringify(family)).join('\n')}\n`
}
