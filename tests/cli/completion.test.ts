import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { titian } from '../support/command.ts'

/** What bash offers for the last of these words. */
async function offered(...words: string[]): Promise<string[]> {
  const { out } = await titian(['completion', 'bash'])
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own words
  const ask = 'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _titian; printf "%s\\n" "${COMPREPLY[@]}"'
  const said = execFileSync('bash', ['-c', `${out.join('\n')}\n${ask}`, 'bash', 'titian', ...words], {
    encoding: 'utf8',
  })
  return said.split('\n').filter((word) => word !== '')
}

it.each([
  [['ba'], ['batches', 'batch', 'backup']],
  [
    ['deliveries', 're'],
    ['retry', 'resend'],
  ],
  [['audit', 'verify', '--che'], ['--checkpoint']],
  [['push', 'file.csv', '--platf'], ['--platform']],
  [['push', 'fil'], []],
])('completes commands and options: %j', async (words, expected) => {
  expect(await offered(...words)).toEqual(expected)
})

it('makes a script for zsh and fish from the same commands', async () => {
  for (const shell of ['zsh', 'fish'])
    expect((await titian(['completion', shell])).out.join('\n')).toMatch(/audit verify.*--checkpoint/)
})
