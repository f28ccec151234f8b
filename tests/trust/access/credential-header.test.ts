import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openGateway, type TestGateway } from '../../flows/gateway.ts'

const BUS = '10.7.1.9'
let gateway: TestGateway
let token: string
let secret: string
beforeAll(async () => {
  gateway = await openGateway({ CREDENTIAL_HEADER: 'X-Titian-Credential', CREDENTIAL_PROXIES: '10.7.0.0/16, ::1' })
  const utara = await gateway.caller('utara')
  token = `Bearer ${utara.token}`
  secret = `Basic ${Buffer.from(`${utara.id}:${utara.secret}`).toString('base64')}`
})
afterAll(() => gateway[Symbol.asyncDispose]())

const statusFrom = async (remoteAddress: string, headers: Record<string, string>) =>
  (await gateway.app.inject({ url: '/v1/batches', remoteAddress, headers })).statusCode

describe('a credential in the header of a bus', () => {
  it('counts from its proxies, in place of what the bus says of itself', async () => {
    const passed = { authorization: 'Bearer of-the-bus', 'x-titian-credential': token }
    for (const from of [BUS, `::ffff:${BUS}`, '::1'])
      expect([from, await statusFrom(from, passed)]).toEqual([from, 200])
    const asked = await gateway.app.inject({
      method: 'POST',
      url: '/oauth/token',
      remoteAddress: BUS,
      headers: { 'x-titian-credential': secret, 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'grant_type=client_credentials',
    })
    expect(asked.statusCode).toBe(200)
  })

  it('says nothing from anybody else', async () => {
    expect(await statusFrom('10.8.1.9', { 'x-titian-credential': token })).toBe(401)
    expect(await statusFrom('127.0.0.1', { authorization: token, 'x-titian-credential': 'Bearer x' })).toBe(200)
  })

  it('lets the credential of the bus count for nobody, and takes one only', async () => {
    expect(await statusFrom(BUS, { authorization: token })).toBe(401)
    expect(await statusFrom(BUS, { 'x-titian-credential': `${token}, ${token}` })).toBe(401)
  })

  it('is named with its proxies, or the start is refused', async () => {
    for (const settings of [{ CREDENTIAL_HEADER: 'x-a' }, { CREDENTIAL_PROXIES: BUS }])
      await expect(openGateway(settings as Record<string, string>)).rejects.toMatchObject({ code: 'config-invalid' })
    await expect(openGateway({ CREDENTIAL_HEADER: 'x-a', CREDENTIAL_PROXIES: 'bus' })).rejects.toThrow(
      'CREDENTIAL_PROXIES',
    )
  })
})
