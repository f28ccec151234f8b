import { amount } from './amount.ts'
import { code } from './code.ts'
import type { Converter } from './converter.ts'
import { date } from './date.ts'
import { nik, noKk } from './identity.ts'
import { additive, list } from './list.ts'
import { integer, number } from './number.ts'
import { phone } from './phone.ts'
import { rt, rw } from './rt-rw.ts'
import { name, text } from './text.ts'
import { boolean, yesNo } from './yes-no.ts'

/** Every converter that a mapping may name with `as`. */
export const CONVERTERS: Record<string, Converter> = {
  text,
  name,
  nik,
  'no-kk': noKk,
  date,
  integer,
  number,
  amount,
  phone,
  rt,
  rw,
  code,
  'yes-no': yesNo,
  boolean,
  list,
  additive,
}
