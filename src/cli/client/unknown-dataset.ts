import { TitianError } from '../../domain/error.ts'
import { didYouMean } from '../../language/did-you-mean.ts'
import type { Gateway } from './push.client.ts'

/** The refusal of a dataset that the gateway does not have, with the name that was meant; `cause` itself where it has it. */
export async function refusalOfDataset(gateway: Gateway, dataset: string, cause: unknown): Promise<unknown> {
  const { datasets } = await gateway.get<{ datasets: { name: string }[] }>('/v1/datasets')
  const names = datasets.map(({ name }) => name)
  if (names.includes(dataset)) return cause
  const hint = didYouMean(dataset, names, `The gateway has ${names.join(', ')}.`)
  return new TitianError('dataset-unknown', `there is no dataset ${dataset}. ${hint}`, { cause })
}
