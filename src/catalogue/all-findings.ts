import type { FindingText } from '../domain/finding.ts'
import { ENGINE_FINDINGS } from '../engine/findings.ts'
import { FILE_FINDINGS } from '../engine/signs/findings.ts'
import { FORWARD_FINDINGS } from '../forward/findings.ts'
import { INTAKE_FINDINGS } from '../intake/findings.ts'
import { LINK_FINDINGS } from '../link/findings.ts'
import { RESULT_FINDINGS } from '../results/findings.ts'

type Texts = Readonly<Record<string, FindingText>>

/** What every code of a finding means: those of the registry, and those that each stage gives of itself. */
export function allFindings(registry: { findings: Texts }): Texts {
  return {
    ...registry.findings,
    ...INTAKE_FINDINGS,
    ...ENGINE_FINDINGS,
    ...FILE_FINDINGS,
    ...LINK_FINDINGS,
    ...FORWARD_FINDINGS,
    ...RESULT_FINDINGS,
  }
}
