import { existsSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { TitianError } from '../../src/domain/error.ts'

const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'

/** A wall clock that jumps, for those who are started with its environment; how much time passes between two moments stays true. */
export type JumpyClock = { env: Record<string, string>; offset(seconds: number): Promise<void> }

/** Makes a clock that a file sets; it needs libfaketime (Debian: `faketime`). */
export async function jumpyClock(file: string): Promise<JumpyClock> {
  if (!existsSync(LIBRARY)) throw new TitianError('config-invalid', `${LIBRARY} is missing: install faketime`)
  const offset = async (seconds: number) => {
    // Never half a file: a program that reads it at that moment would end.
    await writeFile(`${file}.new`, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}\n`, { mode: 0o644 })
    await rename(`${file}.new`, file)
  }
  await offset(0)
  return {
    offset,
    env: {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
  }
}
