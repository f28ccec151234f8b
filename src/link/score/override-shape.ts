import Type from 'typebox'
import { OVERRIDES, type Override } from './overrides.ts'

const NAMES = Object.keys(OVERRIDES) as Override[]

/** The rule that keeps two records apart, or null. */
export const OverrideShape = Type.Union([Type.Enum(NAMES), Type.Null()], {
  description: `Rule that keeps the two apart. ${NAMES.map((name) => `\`${name}\`: ${OVERRIDES[name].en}`).join('; ')}`,
})
