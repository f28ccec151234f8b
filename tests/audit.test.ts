import { expect, it } from 'vitest'
import { judgeAudit } from './support/audit-verdict.ts'

const report = (severity: string) =>
  JSON.stringify({ vulnerabilities: { some: { severity, range: '<2', isDirect: true, via: [] } } })

it.for<[string, boolean, RegExp]>([
  [JSON.stringify({ vulnerabilities: {} }), false, /^no known weakness/],
  [report('critical'), true, /^FAILS: some <2 \(critical, ours\)/],
  [report('high'), true, /^FAILS/],
  [report('moderate'), false, /^told/],
  ['{"message":"405 Method Not Allowed"}', false, /^NOT CHECKED/],
  ['', false, /^NOT CHECKED/],
])('reads %s', ([text, fails, line]) => {
  const verdict = judgeAudit(text)
  expect([verdict.fails, verdict.lines]).toEqual([fails, [expect.stringMatching(line)]])
})
