import { readFileSync } from 'node:fs'
import { TitianError } from '../../domain/error.ts'
import { parseWitness, type Witness } from '../tree/cosignature.ts'

/**
 * The witnesses of a file: one verifier key of C2SP signed-note a line; empty lines and lines that begin with # are passed over. Throws
 * `config-invalid`.
 */
export function readWitnesses(path: string): Witness[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new TitianError('config-invalid', `WITNESS_KEYS_FILE: ${path} cannot be read`, { cause })
  }
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '' || line.startsWith('#')) return []
    const witness = parseWitness(line)
    if (witness === undefined)
      throw new TitianError('config-invalid', `WITNESS_KEYS_FILE: line ${at + 1} of ${path} is no verifier key`)
    return witness
  })
}
