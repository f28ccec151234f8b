import Type from 'typebox'
import { CAPS, type Cap } from './overrides.ts'

const NAMES = Object.keys(CAPS) as Cap[]

/** The rule that keeps two records apart, or null. */
export const CapShape = Type.Union([Type.Enum(NAMES), Type.Null()], {
  description: `Rule that keeps the two apart. ${NAMES.map((name) => `\`${name}\`: ${CAPS[name].en}`).join('; ')}`,
})
