import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { GATEWAY_DOCUMENT, gatewayDocument } from '../src/cli/admin/openapi.ts'

type Operation = {
  operationId?: string
  summary?: string
  tags?: string[]
  security?: unknown[]
  responses: Record<string, { content?: Record<string, unknown> }>
}

describe('openapi/gateway.json', () => {
  it('is what the routes say', async () => {
    expect(await readFile(GATEWAY_DOCUMENT, 'utf8')).toBe(await gatewayDocument())
  })

  it('names every operation and its scopes, and answers every refusal with a problem', async () => {
    const { paths } = JSON.parse(await gatewayDocument()) as { paths: Record<string, Record<string, Operation>> }
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
    )
    expect(operations.length).toBeGreaterThan(10)
    const lacking = operations.filter(
      ({ operationId, summary, tags, security }) => !operationId || !summary || !tags || !security,
    )
    expect(lacking.map(({ name }) => name)).toEqual([])
    const refusals = operations
      .filter(({ name }) => name !== 'post /oauth/token')
      .flatMap(({ name, responses }) =>
        Object.entries(responses)
          .filter(([status]) => /^[45]/.test(status))
          .map(([status, { content }]) => ({ place: `${name} ${status}`, types: Object.keys(content ?? {}) })),
      )
    expect(refusals.filter(({ types }) => types.join() !== 'application/problem+json')).toEqual([])
    const without = operations.filter(
      ({ responses }) => !Object.keys(responses).some((status) => status.startsWith('4')),
    )
    expect(without.map(({ name }) => name)).toEqual([])
  })

  it('describes every operation, gives every JSON answer an example, and says how it will change', async () => {
    const { paths, info, components } = JSON.parse(await gatewayDocument()) as {
      paths: Record<string, Record<string, Operation & { description?: string }>>
      info: { description: string }
      components: { schemas: Record<string, { examples?: unknown[] }> }
    }
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods))
    expect(operations.filter(({ description }) => !description).map(({ operationId }) => operationId)).toEqual([])
    const bare = operations.flatMap(({ operationId, responses }) =>
      Object.entries(responses).flatMap(([status, { content = {} }]) => {
        const json = content['application/json'] as { example?: unknown } | undefined
        return status.startsWith('2') && json !== undefined && json.example === undefined ? [operationId] : []
      }),
    )
    expect(bare).toEqual([])
    const records = Object.entries(components.schemas).filter(([name]) => name.startsWith('record-'))
    expect(records.filter(([, { examples = [] }]) => examples.length === 0).map(([name]) => name)).toEqual([])
    expect(info.description).toContain('`deprecated`')
  })

  it('holds the record schema of every dataset', async () => {
    const { components } = JSON.parse(await gatewayDocument()) as { components: { schemas: Record<string, unknown> } }
    for (const name of ['carik', 'dtks-rumah-tangga', 'dtks-individu', 'p3ke-keluarga', 'p3ke-individu']) {
      expect(components.schemas).toHaveProperty(`record-${name}`)
    }
  })

  it.for(['gateway.json', 'receiver.yaml', 'webhooks.yaml'])('%s passes the linter', async (name) => {
    const file = GATEWAY_DOCUMENT.replace('gateway.json', name)
    const { stderr } = await promisify(execFile)(
      process.execPath,
      ['node_modules/@redocly/cli/bin/cli.js', 'lint', '--config', 'redocly.yaml', file],
      { env: { ...process.env, REDOCLY_TELEMETRY: 'off', NO_COLOR: '1' } },
    )
    expect(stderr).toContain('Your API description is valid')
    expect(stderr).not.toContain('warning')
  })
})
