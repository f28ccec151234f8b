/** A platform's name as a pattern; it is the id of its first client, and leaves room there for a suffix. */
export const PLATFORM_NAME = '[a-z0-9][a-z0-9-]{0,63}'

/** Whose the batches of results are: the national side has this name, and no regional system may have it. */
export const NATIONAL_PLATFORM = 'bps'

/** The MoU or PKS a platform pushes under; dates are ISO and inclusive. */
export type Agreement = {
  number: string
  /** Which version of that number, from 2; absent of the first. */
  version?: number
  parties: string[]
  purpose: string
  legalBasis: string[]
  validFrom: string
  validTo: string
  /** Canonical variables that may be exchanged: all, or these keys (`keluarga.alamat`). */
  fields: '*' | string[]
  /** What becomes of a field that it does not name: left out and reported (when not given), or the whole entry is refused. */
  outside?: 'drop' | 'refuse'
  /** Share of the gateway's work beside other platforms that have a backlog; 1 when not given. */
  weight?: number
  /** By dataset, how many days a record is kept that is not pushed any more; of a dataset that is not named, without end. */
  retention?: Record<string, number>
  /** How many days may pass between two pushes before the platform counts as silent; without, it never does. */
  cadenceDays?: number
}

/** A regional system that pushes, as its file in `registry/platforms/` describes it. */
export type Platform = {
  name: string
  title: string
  /** BPS code prefixes of the villages this platform may speak for, e.g. ['31']. */
  scope: string[]
  datasets: string[]
  /** The latest version. */
  agreement: Agreement
  /** The versions and agreements before it, the oldest first; none of them overlap. */
  earlier?: Agreement[]
  contact: string
}
