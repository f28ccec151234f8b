import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { readRegistry } from '../src/catalogue/registry.file.ts'
import { compileRegistry } from '../src/catalogue/registry.ts'
import { ENGINE_FINDINGS } from '../src/engine/findings.ts'
import { FILE_FINDINGS } from '../src/engine/signs/findings.ts'
import { FORWARD_FINDINGS } from '../src/forward/findings.ts'
import { INTAKE_FINDINGS } from '../src/intake/findings.ts'
import { LINK_FINDINGS } from '../src/link/findings.ts'

it('gives every finding a code of its own and a text in both languages', async () => {
  const registry = compileRegistry(
    await readRegistry([fileURLToPath(new URL('../src/registry', import.meta.url))]),
    String,
  )
  const catalogues = [
    registry.findings,
    ENGINE_FINDINGS,
    FILE_FINDINGS,
    INTAKE_FINDINGS,
    LINK_FINDINGS,
    FORWARD_FINDINGS,
  ]
  const codes = catalogues.flatMap((catalogue) => Object.keys(catalogue))
  expect(codes.length).toBeGreaterThanOrEqual(273)
  expect(new Set(codes).size).toBe(codes.length)
  for (const text of catalogues.flatMap((catalogue) => Object.values(catalogue))) {
    expect([text.id.length > 5, text.en.length > 5]).toEqual([true, true])
  }
})
