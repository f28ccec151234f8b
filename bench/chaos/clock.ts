import { existsSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'

/** A wall clock that jumps, for programs that are started with its environment; durations stay true. */
export type JumpyClock = { env: Record<string, string>; offset(seconds: number): Promise<void> }

const LIBRARIES = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((kind) => `/usr/lib/${kind}/faketime/libfaketime.so.1`)

/** Makes a clock that a file sets; undefined where libfaketime (Debian: `faketime`) is not installed. */
export async function jumpyClock(file: string): Promise<JumpyClock | undefined> {
  const library = LIBRARIES.find((path) => existsSync(path))
  if (library === undefined) return undefined
  const offset = async (seconds: number) => {
    // Never half a file: a program that reads it at that moment would end.
    await writeFile(`${file}.new`, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}\n`, { mode: 0o644 })
    await rename(`${file}.new`, file)
  }
  await offset(0)
  return {
    offset,
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
  }
}
