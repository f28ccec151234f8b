/** Bytes of a stream after which what it left behind is looked for. */
const LOOK_BYTES = 2 * 1024 * 1024
/** Bytes of old buffers that a stream may leave behind. */
const MOST_LEFT = 12 * 1024 * 1024

/**
 * Gives back to the system what a process no longer needs of its starting: V8 keeps such memory until it lacks some. The process stands
 * still meanwhile, for some tenths of a second. Nothing happens where the process was started without `--expose-gc`.
 */
export function freeMemory(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}

/**
 * Frees the buffers behind a long stream, told the bytes of each piece: V8 collects by what its own objects take, and a buffer of 64 KB
 * is a small object to it. Mostly it costs a millisecond for each 2 MB. Without `--expose-gc` it does nothing.
 */
export function bufferFreer(): (bytes: number) => void {
  let least = process.memoryUsage().arrayBuffers
  let since = 0
  return (bytes) => {
    since += bytes
    if (since < LOOK_BYTES) return
    since = 0
    globalThis.gc?.({ type: 'minor', execution: 'sync' })
    const now = process.memoryUsage().arrayBuffers
    least = Math.min(least, now)
    if (now - least <= MOST_LEFT) return
    globalThis.gc?.({ type: 'major', execution: 'sync' })
    // What is still there is somebody's: it is not collected for again.
    least = process.memoryUsage().arrayBuffers
  }
}
