// npm run -s audit: known weaknesses of what runs in production. Tools of the development are left out: they never meet foreign data.
import { execFile } from 'node:child_process'
import { judgeAudit } from './audit-verdict.ts'

const text = await new Promise<string>((resolve) => {
  // It ends with 1 where it finds something; what it found stands in its output.
  execFile('npm', ['audit', '--omit=dev', '--json'], { maxBuffer: 64 * 1024 ** 2 }, (_error, stdout) => resolve(stdout))
})
const { fails, lines } = judgeAudit(text)
for (const line of lines) process.stdout.write(`${line}\n`)
process.exitCode = fails ? 1 : 0
