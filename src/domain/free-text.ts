/** Control characters but line break and tab, and what turns the direction of writing: they make a text show what it does not say. */
const MISLEADING =
  '\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2028\\u2029\\u2066-\\u2069'

/** Pattern of a free text of a person: something to read, and nothing that misleads. Linear: its two parts share no character. */
export const FREE_TEXT = `^[ \\n\\t]*[^\\s${MISLEADING}][^${MISLEADING}]*$`
