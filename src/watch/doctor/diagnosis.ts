import { TitianError } from '../../domain/error.ts'

/** What one check found. `note`: think about it; `fault`: something does not work, or will not. `todo` is empty where all is well. */
export type Diagnosis = { check: string; is: 'well' | 'note' | 'fault'; says: string; todo: string }

export function well(check: string, says: string): Diagnosis {
  return { check, is: 'well', says, todo: '' }
}

export function note(check: string, says: string, todo: string): Diagnosis {
  return { check, is: 'note', says, todo }
}

export function fault(check: string, says: string, todo: string): Diagnosis {
  return { check, is: 'fault', says, todo }
}

/**
 * Runs a check whose subject may refuse by throwing: what it throws is the fault. Sentences of ours name what to do after a colon;
 * `todo` stands in where they do not.
 */
export async function examine(
  check: string,
  todo: string,
  work: () => Promise<string | readonly Diagnosis[]>,
): Promise<readonly Diagnosis[]> {
  try {
    const found = await work()
    return typeof found === 'string' ? [well(check, found)] : found
  } catch (error) {
    const { message, code } = error as { message: string; code?: string }
    // A message that is not of our own may quote a value.
    if (!(error instanceof TitianError)) return [fault(check, `failed (${code ?? 'unknown'})`, todo)]
    return [faultOf(check, message, todo)]
  }
}

/** A fault from one sentence of the form "what is wrong: what to do"; `todo` where it says nothing to do. */
export function faultOf(check: string, sentence: string, todo: string): Diagnosis {
  const cut = Math.max(sentence.lastIndexOf(': '), sentence.lastIndexOf('; '))
  // A list of many lines says of each what to do.
  if (cut === -1 || sentence.includes('\n')) return fault(check, sentence, todo)
  return fault(check, sentence.slice(0, cut), sentence.slice(cut + 2))
}

/** The exit code: 0 all is well, 1 something is to be thought about, 2 something is wrong. */
export function exitCodeOf(found: readonly Diagnosis[]): 0 | 1 | 2 {
  if (found.some(({ is }) => is === 'fault')) return 2
  return found.some(({ is }) => is === 'note') ? 1 : 0
}
