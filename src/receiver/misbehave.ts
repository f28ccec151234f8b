/** Ways in which the stand-in fails on command, so that tests see what the gateway makes of them. */
const MODES = {
  refuse: 'takes the delivery but refuses its first three records',
  reject: 'answers 422 and takes nothing',
  unauthorized: 'answers 401 and takes nothing',
  '500': 'answers 500 and takes nothing',
  reset: 'ends the connection before it takes anything',
  'drop-after-commit': 'takes the delivery and ends the connection without an answer',
  'die-after-commit': 'takes the delivery and kills its own process',
  slow: 'takes the delivery and answers after a minute',
  drip: 'takes the delivery and answers one byte at a time, without end',
  truncate: 'takes the delivery and ends the connection in the middle of the answer',
  huge: 'takes the delivery and answers without end, fast',
  'wrong-id': 'takes the delivery and answers with the receipt of another one',
  'wrong-digest': 'takes the delivery and answers with the digest of other content',
  'wrong-counts': 'takes the delivery and answers that it took one record more than there are',
  'wrong-signature': 'takes the delivery and answers with a receipt that another key signed',
  unsigned: 'takes the delivery and answers with a receipt that nobody signed',
  'other-receipt': 'takes the delivery and answers with the receipt of the one before',
  'half-read': 'reads some of the delivery, takes nothing and ends the connection',
  redirect: 'answers 307 and takes nothing',
  html: 'answers 200 with a web page and takes nothing',
  '202-forever': 'answers 202 and takes nothing',
  '429': 'answers 429 with an absurd Retry-After and takes nothing',
} as const satisfies Record<string, string>
export type Mode = keyof typeof MODES

/** Hands out the ordered misbehaviour, so many times, and good behaviour afterwards; `nextIf` takes a turn of one mode alone. */
export type Misbehaviour = {
  order(mode: Mode, times: number): void
  next(): Mode | undefined
  nextIf(mode: Mode): boolean
}

/** Behaves well until something else is ordered. */
export function createMisbehaviour(): Misbehaviour {
  let current: Mode | undefined
  let left = 0
  return {
    order(mode, times) {
      current = mode
      left = times
    },
    next() {
      if (left === 0) return undefined
      left -= 1
      return current
    },
    nextIf(mode) {
      if (left === 0 || current !== mode) return false
      left -= 1
      return true
    },
  }
}

/** Tells a mode from any other text. */
export function isMode(text: string): text is Mode {
  return Object.hasOwn(MODES, text)
}
