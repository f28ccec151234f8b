import type { Region, RegionField, RegionLevel } from '../../domain/region.ts'
import { plainText } from '../../domain/text/plain-text.ts'
import type { Scheme } from '../mapping/mapping.ts'
import { type Place, placeNames, readPlaces } from './places.ts'

/** One village in both schemes, with the canonical fields it gives. */
export type Village = {
  bps: string
  /** Dotted; undefined where the bridge gives several. */
  kemendagri: string | undefined
  /** The eight canonical region fields (BPS scheme). */
  fields: Readonly<Record<RegionField, string>>
  /** Folded names by level, each with its variants: what a name beside the code may be. */
  names: Record<RegionLevel, readonly string[]>
}

/** A district by its BPS code. */
export type District = { bps: string; name: string; regency: string }

type KnownPlace = { place: Place; isSplit: boolean }
type RegionFiles = Record<'provinces' | 'regencies' | 'districts' | 'villages' | 'variants', string>

const VILLAGE = 10
const DISTRICT = 7
const REGENCY = 4
const PROVINCE = 2
const KEMENDAGRI_DISTRICT = 6

/**
 * BPS and Kemendagri codes of every known place, and the bridge between them. Where a list holds several periods, the newest one
 * that knows a code decides, so a code that went away is still read as it was.
 * A village is made when it is first asked for: there are 84,000.
 */
export class Regions {
  readonly #places = new Map<string, KnownPlace>()
  /** BPS codes by Kemendagri code, with and without dots. */
  readonly #bridge = new Map<string, { period: string; bps: string[] }>()
  readonly #villages = new Map<string, Village>()
  readonly #variants: ReadonlyMap<string, string[]>

  constructor(files: RegionFiles) {
    for (const list of [files.provinces, files.regencies, files.districts, files.villages]) {
      const places = readPlaces(list).sort((a, b) => (a.period < b.period ? -1 : a.period > b.period ? 1 : 0))
      for (const place of places) this.#add(place)
    }
    this.#variants = new Map(readPlaces(files.variants).map((place) => [place.bps, placeNames(place)]))
  }

  /** The village of a code in its declared scheme; Kemendagri codes with or without dots. */
  village(code: string, scheme: Scheme): Village | undefined {
    const bps = scheme === 'bps' ? code : this.#only(code)
    if (bps === undefined || bps.length !== VILLAGE) return undefined
    const made = this.#villages.get(bps)
    if (made !== undefined) return made
    const known = this.#places.get(bps)
    if (known === undefined) return undefined
    const village = this.#make(known)
    this.#villages.set(bps, village)
    return village
  }

  /** Whether a code is known but stands for several places of the other scheme, so that it cannot be bridged without a choice. */
  isAmbiguous(code: string, scheme: Scheme): boolean {
    return scheme === 'kemendagri' && (this.#bridge.get(code)?.bps.length ?? 0) > 1
  }

  /** Whether a code may name this village: it is its code, or one of the several that the code stands for. */
  mayBe(code: string, scheme: Scheme, village: Village): boolean {
    return scheme === 'bps' ? code === village.bps : (this.#bridge.get(code)?.bps.includes(village.bps) ?? false)
  }

  /**
   * The smallest known place, in BPS digits, that the beginning of a code names: its district, regency or province. It says where a
   * village must lie that is itself unknown; undefined where not even the province is known.
   */
  around(code: string, scheme: Scheme): string | undefined {
    const digits = code.replaceAll('.', '')
    for (const length of [DISTRICT, REGENCY, PROVINCE]) {
      const start = digits.slice(0, scheme === 'kemendagri' && length === DISTRICT ? KEMENDAGRI_DISTRICT : length)
      const bps = scheme === 'bps' ? (this.#places.has(start) ? start : undefined) : this.#only(start)
      if (bps?.length === length) return bps
    }
    return undefined
  }

  /** A place by its BPS code, with its code in the other scheme; null where that is not one. */
  inBoth(bps: string): Region {
    const known = this.#places.get(bps)
    return { bps, kemendagri: known === undefined || known.isSplit ? null : known.place.kemendagri || null }
  }

  /** Six Kemendagri digits of a BPS district: the beginning of the numbers that it issues. */
  district(bps: string): string | undefined {
    const known = bps.length === DISTRICT ? this.#places.get(bps) : undefined
    return known === undefined || known.isSplit ? undefined : known.place.kemendagri.replaceAll('.', '')
  }

  /** The districts whose codes begin with one of these codes, or that lie around it, in the order of codes, with their regency's name. */
  districtsIn(scope: readonly string[]): District[] {
    const found: District[] = []
    for (const { place } of this.#places.values()) {
      const { bps, name } = place
      if (bps.length !== DISTRICT || !scope.some((code) => bps.startsWith(code) || code.startsWith(bps))) continue
      found.push({ bps, name, regency: this.#places.get(bps.slice(0, REGENCY))?.place.name ?? '' })
    }
    return found.sort((a, b) => (a.bps < b.bps ? -1 : 1))
  }

  /** Some village with a code in both schemes, for a made-up record. */
  anyVillage(): Village | undefined {
    for (const { place, isSplit } of this.#places.values())
      if (place.bps.length === VILLAGE && !isSplit) return this.village(place.bps, 'bps')
    return undefined
  }

  #only(kemendagri: string): string | undefined {
    const bps = this.#bridge.get(kemendagri)?.bps
    return bps?.length === 1 ? bps[0] : undefined
  }

  /** Rows come in the order of their periods. */
  #add(place: Place): void {
    const known = this.#places.get(place.bps)
    const isSplit = known?.place.period === place.period && known.place.kemendagri !== place.kemendagri
    this.#places.set(place.bps, {
      place,
      isSplit: isSplit || (known?.isSplit === true && known.place.period === place.period),
    })
    for (const code of [place.kemendagri, place.kemendagri.replaceAll('.', '')]) {
      const bridge = this.#bridge.get(code)
      if (bridge === undefined || bridge.period < place.period)
        this.#bridge.set(code, { period: place.period, bps: [place.bps] })
      else if (!bridge.bps.includes(place.bps)) bridge.bps.push(place.bps)
    }
  }

  #make({ place, isSplit }: KnownPlace): Village {
    const { bps, kemendagri, name } = place
    const codes = { provinsi: bps.slice(0, 2), kabupaten_kota: bps.slice(0, 4), kecamatan: bps.slice(0, DISTRICT) }
    const names = (code: string) => {
      const above = this.#places.get(code)?.place
      return above === undefined ? [''] : placeNames(above)
    }
    const [provinsi, kabupaten, kecamatan] = [
      names(codes.provinsi),
      names(codes.kabupaten_kota),
      names(codes.kecamatan),
    ]
    return {
      bps,
      kemendagri: isSplit ? undefined : kemendagri,
      fields: {
        kode_provinsi: plainText(codes.provinsi),
        provinsi: plainText(provinsi[0] ?? ''),
        kode_kabupaten_kota: plainText(codes.kabupaten_kota),
        kabupaten_kota: plainText(kabupaten[0] ?? ''),
        kode_kecamatan: plainText(codes.kecamatan),
        kecamatan: plainText(kecamatan[0] ?? ''),
        kode_kelurahan_desa: plainText(bps),
        kelurahan_desa: plainText(name),
      },
      names: {
        provinsi: provinsi.map(foldPlace),
        kabupaten_kota: kabupaten.map(foldPlace),
        kecamatan: kecamatan.map(foldPlace),
        kelurahan_desa: [...placeNames(place), ...(this.#variants.get(bps) ?? [])].map(foldPlace),
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
