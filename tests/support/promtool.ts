import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { it } from 'vitest'

/** Whether there is a promtool; TITIAN_NO_SKIP makes its tests fail where there is none. */
const IS_THERE =
  process.env.TITIAN_NO_SKIP === '1' || spawnSync('promtool', ['--version'], { stdio: 'ignore' }).error === undefined

/** A test that is reported as skipped, by name, where no promtool is on the PATH. */
export const itWithPromtool = it.skipIf(!IS_THERE)

/** Runs promtool in the project's folder and gives what it said; throws, with that, when it refuses. */
export function promtool(...args: string[]): string {
  return execFileSync('promtool', args, { cwd: join(import.meta.dirname, '../..'), encoding: 'utf8', stdio: 'pipe' })
}
