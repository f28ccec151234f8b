import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isCallable, parseNetworks } from '../../src/notify/address.ts'
import { readTarget } from '../../src/notify/target.ts'

const NONE = parseNetworks(undefined)

/** Networks of IPv4 that are not the public internet's, as IANA's registry of special purposes has them, and where clouds tell secrets. */
const PRIVATE = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '255.255.255.255/32',
  '168.63.129.16/32',
]

/** Any address of a network of IPv4. */
const within = (cidr: string) => {
  const [base = '', bits = ''] = cidr.split('/')
  const start = base.split('.').reduce((number, octet) => number * 256 + Number(octet), 0)
  return fc
    .integer({ min: 0, max: 2 ** (32 - Number(bits)) - 1 })
    .map((offset) => [24, 16, 8, 0].map((shift) => Math.floor((start + offset) / 2 ** shift) % 256))
}
const hex = ([a = 0, b = 0, c = 0, d = 0]: number[]) => `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
/** How an address of IPv4 hides in one of IPv6. */
const HIDING: ((octets: number[]) => string)[] = [
  (octets) => `::ffff:${octets.join('.')}`,
  (octets) => `::ffff:${hex(octets)}`,
  (octets) => `64:ff9b::${hex(octets)}`,
  (octets) => `64:ff9b:1::${hex(octets)}`,
  (octets) => `2002:${hex(octets)}::1`,
  (octets) => `::ffff:0:${hex(octets)}`,
  (octets) => `::${hex(octets)}`,
]

describe('an address', () => {
  it.each(PRIVATE)('of %s is not called, in whatever form', (cidr) => {
    fc.assert(
      fc.property(
        within(cidr),
        fc.constantFrom((octets: number[]) => octets.join('.'), ...HIDING),
        (octets, write) => {
          const address = write(octets)
          expect([address, isCallable(address, NONE, 'public')]).toEqual([address, false])
          const url = `https://${address.includes(':') ? `[${address}]` : address}/hook`
          expect([url, readTarget(url, NONE)]).toEqual([url, 'address-private'])
        },
      ),
    )
  })

  it.each([
    '::',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '100::1',
    '2001:db8::1',
    '2001::1',
    '3fff::1',
    '5f00::1',
    '4000::1',
    'x',
    '',
  ])('%s is not called', (address) => {
    expect(isCallable(address, NONE, 'public')).toBe(false)
  })

  it.each(['8.8.8.8', '103.28.12.1', '2606:4700::1111', '2404:8000::1'])('%s is called', (address) => {
    expect(isCallable(address, NONE, 'public')).toBe(true)
  })

  it('of a configured network is called, and only of that one by plain http', () => {
    const own = parseNetworks('10.20.0.0/16, fd12::/16')
    expect(
      ['10.20.3.4', 'fd12::1', '::ffff:10.20.3.4', '10.21.0.1', '8.8.8.8'].map((one) => isCallable(one, own, 'public')),
    ).toEqual([true, true, true, false, true])
    expect(['10.20.3.4', '8.8.8.8'].map((one) => isCallable(one, own, 'networks'))).toEqual([true, false])
    expect(() => parseNetworks('10.20.0.0')).toThrow('WEBHOOK_NETWORKS')
  })
})

describe('the address of a webhook', () => {
  it.each([
    ['https://carik.example/titian?kota=31', undefined],
    ['https://carik.example:8443/', undefined],
    ['HTTPS://Carik.Example', undefined],
    ['http://carik.example/', 'https-required'],
    ['ftp://carik.example/', 'url-invalid'],
    ['javascript:alert(1)', 'url-invalid'],
    ['https://', 'url-invalid'],
    ['carik.example', 'url-invalid'],
    ['https://carik.\nexample/', 'url-invalid'],
    ['https://carik.example/a b', 'url-invalid'],
    ['https://carik.example\\@10.0.0.1/', 'url-invalid'],
    ['https://user@carik.example/', 'credentials-in-url'],
    ['https://user:secret@carik.example/', 'credentials-in-url'],
    ['https://carik.example/#part', 'fragment-in-url'],
    ['https://carik.example:22/', 'port-refused'],
    ['https://carik.example:25/', 'port-refused'],
    ['https://carik.example:80/', 'port-refused'],
    ['https://localhost/', 'address-private'],
    ['https://a.localhost./', 'address-private'],
    ['https://0x7f.1/', 'address-private'],
    ['https://2130706433/', 'address-private'],
    ['https://017700000001/', 'address-private'],
    ['https://127。0。0。1/', 'address-private'],
    [`https://carik.example/${'x'.repeat(1000)}`, 'url-too-long'],
  ])('%s: %s', (text, fault) => {
    const target = readTarget(text, NONE)
    expect(typeof target === 'string' ? target : undefined).toBe(fault)
  })

  it('is never read as one that may be called when it leads to this machine', () => {
    const host = fc.oneof(
      fc.ipV4(),
      fc.ipV6().map((address) => `[${address}]`),
      fc.domain(),
    )
    fc.assert(
      fc.property(fc.constantFrom('https:', 'http:', 'HTTPS:'), host, fc.webPath(), (scheme, name, path) => {
        const target = readTarget(`${scheme}//${name}${path}`, NONE)
        if (typeof target === 'string') return
        expect(target.url.protocol).toBe('https:')
        // A name is judged by what it leads to, when it is called.
        if (isIP(target.hostname) === 0) return
        expect(target.hostname).not.toMatch(/^(127|10|192\.168|169\.254|0)\.|^::|^f[cde]/)
      }),
    )
  })
})
