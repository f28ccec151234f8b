import { foldAddress } from '../compare/address.ts'
import { type Features, featuresOf } from '../compare/features.ts'
import type { Model } from '../score/model.ts'
import type { IncomingRecord, Indexer } from '../subjects/prepare.ts'
import { type BlockingKeys, blockingKeys } from './blocking-keys.ts'

/** The features by which a person's record is compared, and the keys by which it is found. */
type Drawing = { features: Features; keys: BlockingKeys }

export type Draw = (incoming: IncomingRecord) => Drawing

/** Makes the features and blocking keys of a chunk's records, each once, so that most are ready before the lock is taken. */
export function drawer(model: Model, source: { platform: string; dataset: string }, index: Indexer): Draw {
  const drawn = new Map<IncomingRecord, Drawing>()
  const fold = rememberingLast(foldAddress)
  const list = `${source.platform}|${source.dataset}`
  return (incoming) => {
    let drawing = drawn.get(incoming)
    if (drawing === undefined) {
      const features = featuresOf(incoming.record, list, incoming.family, fold)
      drawing = { features, keys: blockingKeys(features, model, index) }
      drawn.set(incoming, drawing)
    }
    return drawing
  }
}

/** Remembers the last answer: the members of a family, who come one after the other, have one address. */
function rememberingLast<Answer>(of: (text: string) => Answer): (text: string) => Answer {
  let last: { text: string; answer: Answer } | undefined
  return (text) => {
    if (last?.text !== text) last = { text, answer: of(text) }
    return last.answer
  }
}
