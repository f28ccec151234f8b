/** Passes a named point; in a test run that names it, the process ends there as if the power had gone. */
export type Crash = (point: string) => void

/** `spec` is CRASH_AT: `point:n`, e.g. `link:before-commit:3`, kills this process at the third pass of that point. */
export function openCrash(spec: string | undefined): Crash {
  if (spec === undefined) return () => undefined
  const cut = spec.lastIndexOf(':')
  const wanted = Number(spec.slice(cut + 1))
  let passes = 0
  return (point) => {
    if (point !== spec.slice(0, cut)) return
    passes += 1
    if (passes === wanted) process.kill(process.pid, 'SIGKILL')
  }
}
