import { didYouMean } from '../../language/did-you-mean.ts'
import { FORMATS, INSTANTS } from '../converters/date.ts'
import { CONVERTERS } from '../converters/table.ts'
import { pairsOf } from '../converters/yes-no.ts'
import { zoneOf } from '../converters/zone.ts'
import type { FieldRule } from '../mapping/mapping.ts'

const SHARED_KEYS = ['from', 'of', 'as', 'when', 'required', 'inferred', 'join', 'pad', 'split', 'template']
const ORIGINS = ['from', 'constant', 'count', 'head', 'template'] as const

/** Formats of which one number may be read in several, and the first would win without a word. */
const LIKE_EACH_OTHER: readonly (readonly string[])[] = [
  ['epoch-ms', 'epoch-s', 'excel-1900', 'excel-1904'],
  ['epoch-ms', 'epoch-s', 'YYYYMMDD', 'DDMMYYYY'],
]

/** Says what is wrong with a rule, by the key of the rule that it is about; '' for the rule itself. */
export type SayAt = (step: string, text: string) => void

/** Checks what a rule says by itself: one origin, a known converter with its own keys, formats, zones and pairs. */
export function checkRule(rule: FieldRule, say: SayAt): void {
  const origins = ORIGINS.filter((origin) => rule[origin] !== undefined)
  if (origins.length !== 1) say('', `Say where the value comes from: exactly one of ${ORIGINS.join(', ')}.`)
  checkColumns(rule, say)
  if (rule.template !== undefined && isOpen(rule.template))
    say(
      'template',
      'A bracket of the template has no partner. Write {COLUMN}, and [ … ] around what falls away with it.',
    )
  checkDates(rule, say)
  if (rule.as === 'yes-no') checkPairs(rule, say)
  if (rule.as === undefined) return
  const converter = CONVERTERS[rule.as]
  if (converter === undefined) {
    const known = Object.keys(CONVERTERS)
    say('as', `"${rule.as}" is no converter. ${didYouMean(rule.as, known, `Use one of ${known.join(', ')}.`)}`)
    return
  }
  for (const key of Object.keys(rule) as (keyof FieldRule)[]) {
    if (SHARED_KEYS.includes(key) || converter.args.includes(key) || ORIGINS.some((origin) => origin === key)) continue
    const reads = converter.args.length === 0 ? 'Remove it.' : `It reads ${converter.args.join(', ')}.`
    say(key, `The converter "${rule.as}" does not read "${key}". ${reads}`)
  }
  for (const key of converter.needs ?? [])
    if (rule[key] === undefined && rule.from !== undefined && key !== 'codes')
      say('as', `The converter "${rule.as}" needs "${key}". Add it.`)
}

function checkColumns(rule: FieldRule, say: SayAt): void {
  const { from, join, pad, split } = rule
  const isMany = Array.isArray(from) && from.length > 1
  if (isMany && join === undefined && pad === undefined && rule.as !== 'yes-no')
    say('from', 'Several columns make one value only with "join" or "pad", or as "yes-no". Add one of them.')
  if (isMany && split !== undefined) say('split', '"split" reads one column. Name one under "from".')
  if (pad !== undefined && pad.length !== [from ?? []].flat().length)
    say('pad', `"pad" has ${pad.length} widths for ${[from ?? []].flat().length} columns. Give each column its own.`)
  if (rule.thousands !== undefined && rule.thousands === (rule.decimal ?? '.') && rule.as !== 'amount')
    say('thousands', 'The decimal sign and the sign of thousands are the same. Correct one of them.')
}

/** Whether brackets are left in a template once its parts and columns are taken away. */
function isOpen(template: string): boolean {
  const bare = template.replaceAll(/\{[^{}[\]]+\}/g, '').replaceAll(/\[[^[\]]*\]/g, '')
  return /[[\]{}]/.test(bare)
}

function checkDates({ format, zone, century }: FieldRule, say: SayAt): void {
  for (const one of [format ?? []].flat()) {
    const known = Object.keys(FORMATS)
    if (FORMATS[one] === undefined)
      say('format', `"${one}" is no date format. ${didYouMean(one, known, `Use one of ${known.join(', ')}.`)}`)
    if (/(^|[^Y])YY$/.test(one) && century === undefined)
      say('format', 'A two-digit year needs "century": 1900 or 2000, or { age: COLUMN }.')
    if (INSTANTS.includes(one) && zone === undefined)
      say('format', `"${one}" needs "zone", such as Asia/Jakarta: an instant has no day without it.`)
  }
  const formats = [format ?? []].flat()
  const isTwofold = formats.some((one) => /^D/.test(one)) && formats.some((one) => /^M\//.test(one))
  if (isTwofold) say('format', 'Day first and month first cannot both be read: 03/04 would be two days. Keep one.')
  const alike = LIKE_EACH_OTHER.map((group) => formats.filter((one) => group.includes(one))).find(
    (found) => new Set(found).size > 1,
  )
  if (alike !== undefined)
    say('format', `${alike.join(' and ')} cannot both be read: one number would be two days. Keep one.`)
  if (zone !== undefined && zoneOf(zone) === undefined)
    say('zone', `"${zone}" is no time zone. Write Asia/Jakarta, Asia/Makassar, Asia/Jayapura, or an offset.`)
}

/** A word cannot mean yes in one pair and no in another. */
function checkPairs(rule: FieldRule, say: SayAt): void {
  const said = new Map<string, 'yes' | 'no'>()
  for (const [yes, no] of pairsOf(rule)) {
    for (const [word, meaning] of [[yes.toUpperCase(), 'yes'] as const, [no.toUpperCase(), 'no'] as const]) {
      const before = said.get(word)
      if (before !== undefined && before !== meaning)
        say('pair', `"${word}" means yes and no in these pairs. Leave the pair out that this column does not use.`)
      said.set(word, meaning)
    }
  }
}
