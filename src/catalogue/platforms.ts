import Type, { type Static } from 'typebox'
import type { RegistryFiles } from '../clean/mapping/folder.ts'
import { newAjv } from '../clean/mapping/schema.ts'
import { checkShape } from '../clean/mapping/shape.ts'
import type { Regions } from '../clean/regions/regions.ts'
import { NATIONAL_PLATFORM, PLATFORM_NAME, type Platform } from '../domain/platform.ts'
import type { Canonical } from '../language/canonical.ts'
import type { Diagnostics } from '../language/diagnostics.ts'
import { type Document, readYaml, type Step } from '../language/document.ts'
import { agreementName } from '../trust/agreements/agreement.ts'

const NAME = new RegExp(`^${PLATFORM_NAME}$`)
const Day = Type.String({ format: 'date' })
const Texts = Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })
const AgreementFile = Type.Object(
  {
    number: Type.String({ minLength: 1 }),
    version: Type.Optional(Type.Integer({ minimum: 2 })),
    parties: Texts,
    purpose: Type.String({ minLength: 1 }),
    legalBasis: Texts,
    validFrom: Day,
    validTo: Day,
    fields: Type.Union([Type.Literal('*'), Texts]),
    outside: Type.Optional(Type.Union([Type.Literal('drop'), Type.Literal('refuse')])),
    cadenceDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })),
    retention: Type.Optional(Type.Record(Type.String({ minLength: 1 }), Type.Integer({ minimum: 1, maximum: 36500 }))),
    weight: Type.Optional(Type.Number({ minimum: 0.125, maximum: 16 })),
  },
  { additionalProperties: false },
)
const PlatformFile = Type.Object(
  {
    title: Type.String({ minLength: 1 }),
    scope: Type.Array(
      Type.String({ pattern: '^[0-9]{2,10}$', description: 'the first 2 to 10 digits of BPS codes, such as "3211"' }),
      { minItems: 1 },
    ),
    datasets: Texts,
    agreement: AgreementFile,
    earlier: Type.Optional(Type.Array(AgreementFile)),
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
    checkAgreements(value, document, canonical, diagnostics)
    platforms.set(name, { platform: { name, ...value }, document })
  }
  return platforms
}

/** Each version begins after the one before has ended, names canonical variables alone, and has a name of its own. */
function checkAgreements(
  { agreement, earlier = [], datasets }: Static<typeof PlatformFile>,
  document: Document,
  canonical: Canonical,
  diagnostics: Diagnostics,
): void {
  const names = new Set<string>()
  let before: string | undefined
  for (const [index, one] of [...earlier, agreement].entries()) {
    const place: Step[] = index < earlier.length ? ['earlier', index] : ['agreement']
    if (one.validFrom > one.validTo)
      diagnostics.add(document.at(...place, 'validTo'), 'The agreement ends before it begins. Correct the dates.')
    else if (before !== undefined && one.validFrom <= before)
      diagnostics.add(
        document.at(...place, 'validFrom'),
        'This agreement begins before the one before has ended. Order them by their dates, and let none overlap.',
      )
    before = one.validTo
    if (names.has(agreementName(one)))
      diagnostics.add(
        document.at(...place, 'number'),
        `Two agreements are called "${agreementName(one)}". Give the later one a \`version\`.`,
      )
    names.add(agreementName(one))
    for (const dataset of Object.keys(one.retention ?? {})) {
      if (!datasets.includes(dataset))
        diagnostics.add(
          document.at(...place, 'retention', dataset),
          `"${dataset}" is none of the datasets of this platform. Name one of \`datasets\`.`,
        )
    }
    for (const [at, key] of (one.fields === '*' ? [] : one.fields).entries()) {
      if (!canonical.variables.has(key))
        diagnostics.add(
          document.at(...place, 'fields', at),
          `"${key}" is no canonical variable. Write level.name, as in canonical/variables.json.`,
        )
    }
  }
}
