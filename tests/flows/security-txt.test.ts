import { expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { openGateway, problemOf } from './gateway.ts'

const PATH = '/.well-known/security.txt'

it('tells everybody whom to tell of a weakness, for half a year, where the operators have set it', async () => {
  await using gateway = await openGateway({ SECURITY_CONTACT: 'mailto:keamanan@contoh.example' })
  const answer = await fetch(`${gateway.url}${PATH}`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8'])
  const fields = new Map(
    (await answer.text())
      .trim()
      .split('\r\n')
      .map((line) => line.split(': ') as [string, string]),
  )
  expect(fields.get('Contact')).toBe('mailto:keamanan@contoh.example')
  const days = (Date.parse(fields.get('Expires') ?? '') - Date.now()) / 86_400_000
  expect([days > 150, days < 366]).toEqual([true, true])
  expect(fields.get('Canonical')).toMatch(/^https?:\/\/.*\/\.well-known\/security\.txt$/)
})

it('has nothing to tell where nobody has set it, and takes nothing but an address', async () => {
  await using gateway = await openGateway()
  const answer = await fetch(`${gateway.url}${PATH}`)
  expect(await problemOf(answer)).toMatchObject({ status: 404, code: 'not-found' })
  for (const contact of ['keamanan@contoh.example', 'http://contoh.example', 'mailto:a@b\r\nContact: x'])
    expect(() => readConfig({ SECURITY_CONTACT: contact })).toThrow(expect.objectContaining({ code: 'config-invalid' }))
})
