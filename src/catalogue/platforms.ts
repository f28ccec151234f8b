import Type, { type Static } from 'typebox'
import type { RegistryFiles } from '../clean/mapping/folder.ts'
import { newAjv } from '../clean/mapping/schema.ts'
import { checkShape } from '../clean/mapping/shape.ts'
import type { Regions } from '../clean/regions/regions.ts'
import { NATIONAL_PLATFORM, PLATFORM_NAME, type Platform } from '../domain/platform.ts'
import type { Canonical } from '../language/canonical.ts'
import type { Diagnostics } from '../language/diagnostics.ts'
import { type Document, readYaml } from '../language/document.ts'

const NAME = new RegExp(`^${PLATFORM_NAME}$`)
const Day = Type.String({ format: 'date' })
const Texts = Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })
const PlatformFile = Type.Object(
  {
    title: Type.String({ minLength: 1 }),
    scope: Type.Array(Type.String({ pattern: '^[0-9]{2,10}$' }), { minItems: 1 }),
    datasets: Texts,
    agreement: Type.Object(
      {
        number: Type.String({ minLength: 1 }),
        parties: Texts,
        purpose: Type.String({ minLength: 1 }),
        legalBasis: Texts,
        validFrom: Day,
        validTo: Day,
        fields: Type.Union([Type.Literal('*'), Texts]),
        weight: Type.Optional(Type.Number({ minimum: 0.125, maximum: 16 })),
        cadenceDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })),
      },
      { additionalProperties: false },
    ),
    contact: Type.String({ minLength: 1 }),
  },
  { additionalProperties: false },
)

const VILLAGE = 10
const WIDTHS = [2, 4, 7, 10]

/** What is wrong with a code of a scope, `known` being the smallest known place around it. The nation's districts are not all here. */
function scopeFault(code: string, known: string | undefined): string | undefined {
  const fitting = `Write BPS codes in quotes: 2 digits for a province, 4 for a regency, 7 for a district, 10 for a village.`
  if (!WIDTHS.includes(code.length)) return `"${code}" has ${code.length} digits and is no code of a place. ${fitting}`
  if (known === undefined) return `There is no province ${code.slice(0, 2)} in the BPS scheme. Correct the code.`
  if (code.length >= 4 && known.length < 4)
    return `There is no regency ${code.slice(0, 4)} in the BPS scheme (it is not the Kemendagri code?). Correct the code.`
  return undefined
}

/** Reads `platforms/<name>.yaml`; what is wrong becomes a diagnostic. */
export function readPlatforms(
  files: RegistryFiles,
  { canonical, regions }: { canonical: Canonical; regions: Pick<Regions, 'around'> },
  diagnostics: Diagnostics,
): Map<string, { platform: Platform; document: Document }> {
  const validate = newAjv({ verbose: true }).compile(PlatformFile)
  const platforms = new Map<string, { platform: Platform; document: Document }>()
  for (const [path, { file, text }] of files) {
    const given = /^platforms\/([^/]*)\.yaml$/.exec(path)?.[1]
    if (given === undefined) continue
    const name = NAME.test(given) ? given : undefined
    if (name === undefined)
      diagnostics.add(
        { file, line: 1, field: '' },
        'The name of this file names the platform: 1 to 64 lower-case letters, digits and -, a letter or digit first. Rename it.',
      )
    if (name === NATIONAL_PLATFORM)
      diagnostics.add({ file, line: 1, field: '' }, `"${name}" is the name of the national side. Rename this platform.`)
    const document = readYaml(file, text, diagnostics)
    if (name === undefined || document === undefined || !checkShape(document, validate, diagnostics)) continue
    const value = document.value as Static<typeof PlatformFile>
    for (const [index, code] of value.scope.entries()) {
      const known = regions.around(code.padEnd(VILLAGE, '0'), 'bps')
      const fault = scopeFault(code, known)
      if (fault !== undefined) diagnostics.add(document.at('scope', index), fault)
    }
    const { validFrom, validTo, fields } = value.agreement
    if (validFrom > validTo)
      diagnostics.add(document.at('agreement', 'validTo'), 'The agreement ends before it begins. Correct the dates.')
    for (const [index, key] of (fields === '*' ? [] : fields).entries()) {
      if (!canonical.variables.has(key))
        diagnostics.add(
          document.at('agreement', 'fields', index),
          `"${key}" is no canonical variable. Write level.name, as in canonical/variables.json.`,
        )
    }
    platforms.set(name, { platform: { name, ...value }, document })
  }
  return platforms
}
