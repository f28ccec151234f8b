export type Lru<V> = { get(key: string): V | undefined; set(key: string, value: V): void; delete(key: string): void }

/** A map of at most `room` values that forgets the one that was unused longest. */
export function createLru<V extends object>(room: number): Lru<V> {
  const kept = new Map<string, V>()
  return {
    get(key) {
      const value = kept.get(key)
      if (value === undefined) return undefined
      // A Map iterates in order of insertion: what was just used goes to the end.
      kept.delete(key)
      kept.set(key, value)
      return value
    },
    set(key, value) {
      kept.delete(key)
      kept.set(key, value)
      const [oldest] = kept.keys()
      if (kept.size > room && oldest !== undefined) kept.delete(oldest)
    },
    delete(key) {
      kept.delete(key)
    },
  }
}
