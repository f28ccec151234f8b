import type { Platform } from '../../domain/platform.ts'
import { agreementDay, bindingAgreement } from './agreement.ts'

/** How many days records of each dataset are kept that are not pushed any more, by the agreements that bind at a moment. */
export function retentionsAt(
  platforms: Iterable<Platform>,
  now: Date,
): { platform: string; dataset: string; days: number }[] {
  const today = agreementDay(now)
  return [...platforms].flatMap((platform) =>
    Object.entries(bindingAgreement(platform, today).retention ?? {}).map(([dataset, days]) => ({
      platform: platform.name,
      dataset,
      days,
    })),
  )
}
