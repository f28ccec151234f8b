import { SaxesParser } from 'saxes'
import { TitianError } from '../../domain/error.ts'

/** What is told of an XML text: names are local, without their prefix, since writers choose different ones. */
export type XmlReader = {
  open(name: string, attributes: Readonly<Record<string, string>>): void
  close(name: string): void
  text(text: string): void
}

export type XmlFeed = { push(bytes: Buffer): void; end(): void }

const DEEPEST = 64
/** Characters without a sign of markup, at most: a cell holds 32,767. */
const LONGEST_SILENCE = 4_000_000

/**
 * Parses XML as it streams, strictly; UTF-8, and UTF-16 with its mark. Throws `body-broken` for what is no well-formed XML, nests deeper
 * than a workbook does, or brings a DTD, which a workbook may not have (ECMA-376 part 2, 9.1.7).
 */
export function xmlFeed(reader: XmlReader): XmlFeed {
  const parser = new SaxesParser({ xmlns: false, position: false })
  let decoder: TextDecoder | undefined
  let depth = 0
  let silence = 0
  parser.on('opentag', ({ name, attributes }) => {
    silence = 0
    depth += 1
    if (depth > DEEPEST) throw broken('nests too deep')
    reader.open(localName(name), attributes)
  })
  parser.on('closetag', ({ name }) => {
    silence = 0
    depth -= 1
    reader.close(localName(name))
  })
  parser.on('text', reader.text)
  parser.on('cdata', reader.text)
  parser.on('doctype', () => {
    throw broken('has a DTD')
  })
  parser.on('error', ({ message }) => {
    throw broken(message.replace(/: .*$/s, ''))
  })
  const write = (text: string) => {
    silence += text.length
    if (silence > LONGEST_SILENCE) throw broken('holds a text that is too long')
    parser.write(text)
  }
  return {
    push(bytes) {
      decoder ??= decoderOf(bytes)
      write(decoded(decoder, bytes))
    },
    end() {
      if (decoder !== undefined) write(decoded(decoder))
      parser.close()
    },
  }
}

/** The local part of a name: `x:row` is `row`. */
export function localName(name: string): string {
  const colon = name.indexOf(':')
  return colon === -1 ? name : name.slice(colon + 1)
}

/** What cannot be read of a workbook, said without its content. */
export function broken(what: string): TitianError {
  return new TitianError('body-broken', `the workbook cannot be read: a part of it ${what}`)
}

function decoderOf(bytes: Buffer): TextDecoder {
  const [first, second] = bytes
  const name = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(name, { fatal: true })
}

function decoded(decoder: TextDecoder, bytes?: Buffer): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true })
  } catch {
    throw broken('is in no valid encoding')
  }
}
