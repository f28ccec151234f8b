import { type Diagnosis, fault, note, well } from './diagnosis.ts'

const LEAST = 16
const COMMON = /^(titian|postgres|password|passw0rd|secret|admin|changeme|change-me|rahasia|test|12345\d*)$/i

type Named = { DATABASE_URL?: string; DATABASE_OWNER_URL?: string; REDIS_URL?: string; RECEIVER_TOKEN?: string }

/** Passwords and tokens of the settings that are too easily guessed; none is ever shown. */
export function checkSecrets({ RECEIVER_TOKEN, ...addresses }: Named): readonly Diagnosis[] {
  const found: Diagnosis[] = []
  for (const [name, address] of Object.entries(addresses)) {
    const url = address === undefined ? null : URL.parse(address)
    if (url === null) continue
    const isHere = ['localhost', '127.0.0.1', '[::1]', ''].includes(url.hostname)
    const password = decodeURIComponent(url.password)
    if (password === '' && !isHere)
      found.push(note('secrets', `${name} holds no password`, 'give the role one, or let it sign in by a certificate'))
    if (password !== '' && isWeak(password))
      found.push(fault('secrets', `the password of ${name} is easily guessed`, 'give the role a long random one'))
  }
  if (RECEIVER_TOKEN !== undefined && isWeak(RECEIVER_TOKEN))
    found.push(fault('secrets', 'RECEIVER_TOKEN is easily guessed', 'draw a long random one: openssl rand -base64 32'))
  return found.length > 0 ? found : [well('secrets', 'no password of the settings is easily guessed')]
}

function isWeak(secret: string): boolean {
  return COMMON.test(secret) || secret.length < LEAST || new Set(secret).size < 6
}
