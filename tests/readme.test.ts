import { expect, it } from 'vitest'
import { readSection, SECTIONS } from './support/readme.ts'

it.each(Object.entries(SECTIONS))(
  'has %s in the README as the code has them (mend it with `npm run readme`)',
  (name, render) => {
    expect(readSection(name)).toBe(render())
  },
)
