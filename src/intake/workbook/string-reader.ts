import type { XmlReader } from './xml.ts'

/** Reads the shared strings of a workbook, one after the other; what only says how to speak a text (`rPh`) is no part of it. */
export function stringReader(onString: (text: string) => void): XmlReader {
  let text = ''
  let isText = false
  let phonetic = 0
  return {
    open(name) {
      if (name === 'si') text = ''
      else if (name === 'rPh') phonetic += 1
      else if (name === 't') isText = phonetic === 0
    },
    text(part) {
      if (isText) text += part
    },
    close(name) {
      if (name === 't') isText = false
      else if (name === 'rPh') phonetic -= 1
      else if (name === 'si') onString(text)
    },
  }
}
