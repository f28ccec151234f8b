import { TitianError } from '../../src/domain/error.ts'
import { serveThread } from '../../src/io/thread-side.ts'

await serveThread<{ start: number }, { until: number; harm?: 'burn' | 'eat' | 'throw' }, number>(
  async ({ start }, progress) =>
    ({ until, harm }) => {
      let sum = start
      for (let at = 1; at <= until; at++) {
        progress(at)
        sum += at
        if (at < until) continue
        if (harm === 'throw') throw new TitianError('dataset-unknown', 'no such thing')
        const eaten: number[][] = []
        while (harm === 'burn' || harm === 'eat')
          if (harm === 'eat') eaten.push(Array.from({ length: 100_000 }, () => at))
      }
      return sum
    },
)
