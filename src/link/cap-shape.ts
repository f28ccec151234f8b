import Type from 'typebox'
import { CAPS } from './evidence.ts'

/** The rule that keeps two records apart, or null (evidence.ts). */
export const CapShape = Type.Union([Type.Enum([...CAPS]), Type.Null()], {
  description:
    'Rule that keeps the two apart however much agrees: `twins` of one list or with numbers of one birth date; `namesakes`, of whom two of number, family card and village part; `contradicted`, a number that another name or birth date contradicts',
})
