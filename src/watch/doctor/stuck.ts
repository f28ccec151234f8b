import type { InView } from '../alerts/condition.ts'
import { CONDITIONS } from '../alerts/conditions.ts'
import { runbookOf } from '../alerts/rules.ts'
import { type Diagnosis, fault, note, well } from './diagnosis.ts'

/** What hangs, is missing or does not close, by the conditions that alerts are made of. */
export function checkStuck(seen: InView): readonly Diagnosis[] {
  const found = CONDITIONS.flatMap(({ name, severity, en, todo = '', look }) =>
    (look?.(seen) ?? []).map(({ of, value }) => {
      const said = `${en}${of === '' ? '' : ` (${of})`}: ${Math.round(value * 100) / 100}`
      return (severity === 'page' ? fault : note)(name, said, `${todo}; ${runbookOf(name)}`)
    }),
  )
  return found.length > 0 ? found : [well('stuck', 'nothing hangs, and the sums close')]
}
