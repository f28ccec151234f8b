import type { KeyRing } from './keyring.ts'

const RELOAD_MS = 1000

/**
 * Reads a key ring anew, once a second at most: who asks for keys that are nowhere must not keep a process reading. The answer
 * is undefined where the second has not passed. `clock` is in milliseconds.
 */
export function onceASecond(reload: () => KeyRing, clock: () => number = Date.now): () => KeyRing | undefined {
  let reloadedAt = Number.NEGATIVE_INFINITY
  return () => {
    // A clock that was set back must not stop reloading.
    if (Math.abs(clock() - reloadedAt) < RELOAD_MS) return undefined
    reloadedAt = clock()
    return reload()
  }
}
