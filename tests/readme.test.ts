import { expect, it } from 'vitest'
import { readSection, SECTIONS } from './support/readme.ts'

it.each(Object.entries(SECTIONS))(
  'the table of %s stands in its document as the code has it (mend it with `npm run readme`)',
  (name, section) => {
    expect(readSection(name, section)).toBe(section.render())
  },
)
