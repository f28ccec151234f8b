/** The levels of BPS's bridging service: the file of the registry, widths of the codes, and of those of the level above. */
export const BRIDGE_LEVELS = {
  provinsi: { file: 'provinces', above: undefined, bps: 2, bpsAbove: 0, kemendagri: 2, kemendagriAbove: 0 },
  kabupaten: { file: 'regencies', above: 'provinces', bps: 4, bpsAbove: 2, kemendagri: 4, kemendagriAbove: 2 },
  kecamatan: { file: 'districts', above: 'regencies', bps: 7, bpsAbove: 4, kemendagri: 6, kemendagriAbove: 4 },
  desa: { file: 'villages', above: 'districts', bps: 10, bpsAbove: 7, kemendagri: 10, kemendagriAbove: 6 },
} as const

export type BridgeLevel = keyof typeof BRIDGE_LEVELS

/** Whether a text names a level of the bridging service. */
export function isBridgeLevel(text: string): text is BridgeLevel {
  return Object.hasOwn(BRIDGE_LEVELS, text)
}

/** `<BPS year>_<semester>.<Kemendagri year>`; asked without one the service answers with 2020. */
export const PERIOD = /^[0-9]{4}_[12]\.[0-9]{4}$/

/** A Kemendagri code as published: dots after province, regency and district. */
export function dotted(digits: string): string {
  return [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4, 6), digits.slice(6)]
    .filter((part) => part !== '')
    .join('.')
}
