import { execFileSync } from 'node:child_process'
import { describe } from 'vitest'

/** Whether suites that need Redis can run here; CI sets TITIAN_NO_SKIP, so that a missing server fails instead. */
const HAS_REDIS = process.env.TITIAN_NO_SKIP === '1' || hasServer()

/** A suite that is reported as skipped, by name, where no redis-server is on the PATH. */
export const describeWithRedis = describe.skipIf(!HAS_REDIS)

function hasServer(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
