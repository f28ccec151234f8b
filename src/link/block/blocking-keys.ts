import type { Features } from '../compare/features.ts'
import type { Model } from '../score/model.ts'
import type { Indexer } from '../subjects/prepare.ts'
import type { BlockingKey, Index } from '../subjects/subject.ts'
import { type BlockingText, blockingTexts } from './blocking.ts'

/** Keys under which a record is stored, and those that it asks for. */
export type BlockingKeys = { stored: BlockingKey[]; asked: BlockingKey[] }

/** Makes the blocking keys of a person's record. */
export function blockingKeys(
  features: Features,
  model: Pick<Model, 'keys' | 'namedKeys'>,
  index: Indexer,
): BlockingKeys {
  const { stored, asked } = blockingTexts(features, model)
  const known = new Map<BlockingText, BlockingKey>()
  const keyOf = (text: BlockingText): BlockingKey => {
    const key = known.get(text) ?? hashOf(text, index)
    known.set(text, key)
    return key
  }
  return { stored: stored.map(keyOf), asked: asked.map(keyOf) }
}

function hashOf({ purpose, text }: BlockingText, index: Indexer): BlockingKey {
  return keyOfIndex(index(purpose, text))
}

/** The blocking key of a text, from its blind index. */
export function keyOfIndex(index: Index): BlockingKey {
  return BigInt.asIntN(64, BigInt(`0x${index.slice(0, 16)}`)).toString()
}
