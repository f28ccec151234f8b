/** Texts that `JSON.parse` makes names of by itself have ten signs at most. */
const SHORT = 10

/**
 * The same text in the form that V8 keeps names in, for texts of tables that are written with every record. A text that was cut from
 * a longer one is a view of it, and one that a `Map` was asked for may become a pointer to another: where `JSON.stringify` meets
 * either it takes twice as long for the whole record.
 */
export function plainText(text: string): string {
  if (text.length <= SHORT) return JSON.parse(JSON.stringify(text)) as string
  const [name = text] = Object.keys({ [text]: true })
  return name
}
