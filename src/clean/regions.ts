import type { Scheme } from './mapping.ts'

export type Level = 'provinsi' | 'kabupaten_kota' | 'kecamatan' | 'kelurahan_desa'
/** One village in both schemes, with the canonical fields it gives; Kemendagri codes are dotted. */
export type Village = {
  bps: string
  kemendagri: string
  /** The eight canonical region fields (BPS scheme). */
  fields: Record<string, string>
  /** Folded names by level, each with its variants: what a name beside the code may be. */
  names: Record<Level, readonly string[]>
}

type Row = { bps: string; kemendagri: string; name: string; variants: string[] }
type RegionFiles = Record<'provinces' | 'regencies' | 'districts' | 'villages' | 'variants', string>

/** BPS and Kemendagri codes of every known place, and the bridge between them. */
export class Regions {
  readonly #villages: Record<Scheme, Map<string, Village>> = { bps: new Map(), kemendagri: new Map() }
  readonly #names: Record<Scheme, Map<string, string>> = { bps: new Map(), kemendagri: new Map() }
  readonly #bridge: Record<Scheme, Map<string, string>> = { bps: new Map(), kemendagri: new Map() }

  readonly #districts = new Map<string, string>()

  constructor(files: RegionFiles) {
    const places = [files.provinces, files.regencies, files.districts, files.villages].flatMap(rows)
    for (const { bps, kemendagri, name } of places) {
      this.#names.bps.set(bps, name)
      this.#names.kemendagri.set(kemendagri, name)
      this.#bridge.bps.set(bps, kemendagri)
      this.#bridge.kemendagri.set(kemendagri, bps)
      if (bps.length === 7) this.#districts.set(bps, kemendagri.replaceAll('.', ''))
    }
    const variants = new Map(rows(files.variants).map((row) => [row.bps, row.variants]))
    for (const row of rows(files.villages)) {
      const village = this.#village(row, variants.get(row.bps) ?? [])
      this.#villages.bps.set(row.bps, village)
      this.#villages.kemendagri.set(row.kemendagri, village)
      this.#villages.kemendagri.set(row.kemendagri.replaceAll('.', ''), village)
    }
  }

  /** The village of a code in its declared scheme; Kemendagri codes with or without dots. */
  village(code: string, scheme: Scheme): Village | undefined {
    return this.#villages[scheme].get(code)
  }

  /** The name of a province, regency, district or village; Kemendagri codes dotted. */
  name(code: string, scheme: Scheme): string | undefined {
    return this.#names[scheme].get(code)
  }

  /** The same place in the other scheme; Kemendagri codes dotted. */
  bridge(code: string, from: Scheme): string | undefined {
    return this.#bridge[from].get(code)
  }

  /** Six Kemendagri digits of a BPS district: the beginning of the numbers that it issues. */
  district(bps: string): string | undefined {
    return this.#districts.get(bps)
  }

  #village(row: Row, variants: string[]): Village {
    const { bps } = row
    const codes = { provinsi: bps.slice(0, 2), kabupaten_kota: bps.slice(0, 4), kecamatan: bps.slice(0, 7) }
    const name = (code: string) => this.#names.bps.get(code) ?? ''
    return {
      bps,
      kemendagri: row.kemendagri,
      fields: {
        kode_provinsi: codes.provinsi,
        provinsi: name(codes.provinsi),
        kode_kabupaten_kota: codes.kabupaten_kota,
        kabupaten_kota: name(codes.kabupaten_kota),
        kode_kecamatan: codes.kecamatan,
        kecamatan: name(codes.kecamatan),
        kode_kelurahan_desa: bps,
        kelurahan_desa: row.name,
      },
      names: {
        provinsi: [foldPlace(name(codes.provinsi))],
        kabupaten_kota: [foldPlace(name(codes.kabupaten_kota))],
        kecamatan: [foldPlace(name(codes.kecamatan))],
        kelurahan_desa: [row.name, ...variants].map(foldPlace),
      },
    }
  }
}

/** Letters and digits only, in capitals: the two schemes differ in blanks and hyphens. The kind of place is left out. */
export function foldPlace(name: string): string {
  return name
    .toUpperCase()
    .trimStart()
    .replace(
      /^(PROVINSI|(KABUPATEN|KAB\.?|KOTA)( ADMINISTRASI| ADM\.?)?|KECAMATAN|KEC\.?|KELURAHAN|KEL\.?|DESA)\s+/,
      '',
    )
    .replace(/[^A-Z0-9]/g, '')
}

function rows(csv: string): Row[] {
  const [, ...lines] = csv.split(/\r?\n/).filter((line) => line !== '')
  return lines.map((line) => {
    const [bps = '', kemendagri = '', name = '', ...variants] = line.split(',')
    return { bps, kemendagri, name, variants }
  })
}
