import type { Json } from '../../domain/entry.ts'
import type { Finding } from '../../domain/finding.ts'
import { FINDINGS, type FindingCode } from '../findings.ts'
import { cleanTexts, isPlain, LOST, mayHoldFormula, pointerPart } from '../mapping/texts.ts'
import { endOfString, withPlainNames } from './json-names.ts'

const DEEPEST = 32
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype'])

/** A record, and what was found while reading it; undefined when the text cannot be used at all. */
export type Parsed = { value: Json | undefined; findings: Finding[] }

const NONE: Finding[] = []

/**
 * Reads one JSON text strictly. `JSON.parse` keeps the last of two equal names and rounds long numbers, so the text is proven to say no
 * more than the value does: no number is beyond what a double counts exactly, and the text is as short as any that gives this value, or
 * at least holds as many names (0.2 and 0.6 µs for 1,500 bytes; only what neither clears is scanned sign by sign, in 3.5).
 */
export function parseStrictly(given: string): Parsed {
  let value: Json
  try {
    value = JSON.parse(given)
  } catch {
    return { value: undefined, findings: [finding('json-invalid')] }
  }
  const text = withPlainNames(given)
  if (text === undefined) return { value: undefined, findings: [finding('json-escaped-name')] }
  if (text !== given) value = JSON.parse(text)
  const shape: Shape = { names: 0, shortest: 0, isDeep: false, isExact: true }
  measure(value, 1, shape)
  if (shape.isDeep) return { value: undefined, findings: [finding('json-too-deep')] }
  const isClear = text.length === shape.shortest || mostNames(text) === shape.names || namesIn(text) === shape.names
  if (!isClear) return { value: undefined, findings: [finding('json-duplicate-key')] }
  if (shape.isExact && isPlain(text) && !mayHoldFormula(text)) return { value, findings: NONE }
  if (!shape.isExact) value = withoutLostNumbers(text)
  const findings: Finding[] = []
  value = cleanTexts(value, findings)
  return { value: findings.some(({ severity }) => severity === 'error') ? undefined : value, findings }
}

/** Reads the cells of a CSV row: JSON that intake itself wrote, so only the texts inside can be odd. Findings name the column. */
export function parseCells(text: string, columns: readonly string[]): Parsed {
  const value: Json = JSON.parse(text)
  if (isPlain(text) && !mayHoldFormula(text)) return { value, findings: NONE }
  const findings: Finding[] = []
  const cells = cleanTexts(value, findings)
  const named = findings.map((one) => ({ ...one, path: `/${pointerPart(columns[Number(one.path.slice(1))] ?? '')}` }))
  return { value: cells, findings: named }
}

/** What only a schema violation makes worth looking for: names that reach for a prototype, and nesting beyond any layout. */
export function inspect(value: Json): Finding[] {
  const findings: Finding[] = []
  const visit = (part: Json, depth: number): void => {
    if (typeof part !== 'object' || part === null) return
    if (depth > DEEPEST) {
      if (findings.length === 0) findings.push(finding('json-too-deep'))
      return
    }
    if (!Array.isArray(part) && Object.keys(part).some((key) => FORBIDDEN.has(key))) {
      if (!findings.some(({ code }) => code === 'json-forbidden-key')) findings.push(finding('json-forbidden-key'))
    }
    for (const inner of Object.values(part)) visit(inner, depth + 1)
  }
  visit(value, 0)
  return findings
}

type Shape = { names: number; shortest: number; isDeep: boolean; isExact: boolean }

/** Counts the names in a value and the signs of the shortest text that gives it, and looks at its numbers. */
function measure(value: Json, depth: number, shape: Shape): void {
  if (typeof value === 'string') shape.shortest += value.length + 2
  else if (typeof value === 'number') {
    if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) shape.isExact = false
    shape.shortest += digitsOf(value)
  } else if (typeof value === 'boolean' || value === null) shape.shortest += value === false ? 5 : 4
  else if (depth > DEEPEST) shape.isDeep = true
  else if (Array.isArray(value)) {
    shape.shortest += 2 + Math.max(0, value.length - 1)
    for (let i = 0; i < value.length; i++) measure(value[i] as Json, depth + 1, shape)
  } else {
    const before = shape.names
    for (const name in value) {
      shape.names++
      shape.shortest += name.length + 4
      const part = value[name] as Json
      if (typeof part === 'string') shape.shortest += part.length + 2
      else measure(part, depth + 1, shape)
    }
    // A quoted name with its colon and a comma, which the last one lacks.
    if (shape.names > before) shape.shortest--
    shape.shortest += 2
  }
}

/** Signs of the shortest text of a number: its digits, but an exponent is shorter for thousands, and fractions are not looked into. */
function digitsOf(value: number): number {
  if (!Number.isInteger(value) || (value % 1000 === 0 && value !== 0)) return Number.NaN
  let digits = value < 0 ? 2 : 1
  for (let rest = Math.abs(value); rest >= 10; rest /= 10) digits++
  return digits
}

/** The colons that could end a name: all that do, since a name ends with a quote and perhaps blanks, and some that stand in a text. */
function mostNames(text: string): number {
  let names = 0
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) {
    const before = text.charCodeAt(at - 1)
    if (before === 34 || before <= 32) names++
  }
  return names
}

/** The names in a text: fewer in the value mean that one stood twice in its object. */
function namesIn(text: string): number {
  let names = 0
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === 34) i = endOfString(text, i)
    else if (char === 58) names++
  }
  return names
}

/** Reads again, and marks the numbers whose digits a double cannot hold. */
function withoutLostNumbers(text: string): Json {
  const reviver = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' && losesDigits(value, context?.source ?? '') ? LOST : value
  return JSON.parse(text, reviver) as Json
}

function losesDigits(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return true
  return /^-?[0-9]+$/.test(source) && !Number.isSafeInteger(value) && BigInt(source) !== BigInt(value)
}

function finding(code: FindingCode): Finding {
  return { code, severity: FINDINGS[code].severity, path: '' }
}
