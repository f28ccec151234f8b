import { expect, it } from 'vitest'
import { type FormArrival, isSameSite } from '../../src/web/same-site.ts'

const HTTP: FormArrival = { host: 'titian.example', isTls: false, publicUrl: 'http://127.0.0.1:8080' }
const PUBLIC: FormArrival = { ...HTTP, publicUrl: 'https://titian.example' }
const TLS: FormArrival = { ...HTTP, isTls: true }

it.for<[string, FormArrival, boolean]>([
  ['http://titian.example', HTTP, true],
  ['https://titian.example', HTTP, true],
  ['https://titian.example', PUBLIC, true],
  ['https://titian.example', TLS, true],
  ['https://TITIAN.example', TLS, true],
  ['http://titian.example', PUBLIC, false],
  ['http://titian.example', TLS, false],
  ['https://titian.example:8443', TLS, false],
  ['https://evil.example', TLS, false],
  ['https://titian.example.evil.example', TLS, false],
  ['ftp://titian.example', HTTP, false],
  ['null', HTTP, false],
  ['', HTTP, false],
  ['http://titian.example', { ...HTTP, host: undefined }, false],
])('judges the origin %s before %o: %s', ([origin, arrival, isSame]) => {
  expect(isSameSite(origin, arrival)).toBe(isSame)
})
