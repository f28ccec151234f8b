import { type KeyObject, sign, verify } from 'node:crypto'
import type { Signer } from '../keys/signing-keys.ts'
import {
  componentName,
  componentOf,
  formatInput,
  type HeaderMap,
  type MessageParts,
  signatureBase,
} from './signature-base.ts'
import { type Bare, type InnerList, type Params, parseDictionary } from './structured-field.ts'

/** What a signature says about itself; times in whole seconds. */
export type SignatureParams = { created: number; expires?: number; nonce?: string; tag?: string; alg?: 'ed25519' }

/** Why a message is not believed. */
type SignatureFault =
  | 'missing'
  | 'malformed'
  | 'key-unknown'
  | 'algorithm-refused'
  | 'parameter-missing'
  | 'component-missing'
  | 'tag-foreign'
  | 'too-old'
  | 'from-the-future'
  | 'wrong'
  | 'replayed'

export type SignatureVerdict = { ok: true; keyids: string[] } | { ok: false; reason: SignatureFault }

/** What a verifier demands. Nothing of it is ever read from the message: the message only has to live up to it. */
export type SignaturePolicy = {
  /** Components that must be covered, by `componentName`. */
  components: readonly string[]
  /** Parameters that must be there beside `created` and `keyid`. */
  params: readonly ('expires' | 'nonce' | 'tag' | 'alg')[]
  tag?: string
  maxAgeSeconds: number
  clockSkewSeconds: number
  /** Every key is Ed25519, whatever `alg` the message names. */
  key(keyid: string): KeyObject | undefined
  /** Remembers a nonce until `expires` and tells whether it is new; asked only once the signature has proved right. */
  isNewNonce?(keyid: string, nonce: string, expires: number): boolean | Promise<boolean>
}

// More would only make the verifier work: a message of ours carries one, or two while keys overlap.
const MOST_SIGNATURES = 4

/** The `signature-input` and `signature` headers that sign a message with Ed25519 (RFC 9421, 3.1). */
export function signMessage(
  message: MessageParts,
  components: readonly string[],
  params: SignatureParams,
  signer: Signer,
  label = 'titian',
): { 'signature-input': string; signature: string } {
  const input: InnerList = { items: components.map(componentOf), params: paramsOf(params, signer.keyid) }
  const base = signatureBase(message, input)
  if (base === undefined) throw new Error(`the message lacks a component of: ${components.join(' ')}`)
  const signature = sign(null, Buffer.from(base), signer.key).toString('base64')
  return { 'signature-input': `${label}=${formatInput(input)}`, signature: `${label}=:${signature}:` }
}

/**
 * Verifies a message against a policy (RFC 9421, 3.2). All its signatures must hold: a bad one beside a good one is a sign
 * of tampering, and which of two decides is where libraries went wrong.
 */
export async function verifyMessage(
  message: MessageParts,
  policy: SignaturePolicy,
  now: Date,
): Promise<SignatureVerdict> {
  const pairs = signaturesOf(message.headers)
  if (!Array.isArray(pairs)) return { ok: false, reason: pairs }
  for (const pair of pairs) {
    const fault = check(message, pair, policy, Math.floor(now.getTime() / 1000))
    if (fault !== undefined) return { ok: false, reason: fault }
  }
  for (const { keyid, nonce, created, expires } of pairs) {
    const until = expires ?? created + policy.maxAgeSeconds
    if (nonce !== undefined && !((await policy.isNewNonce?.(keyid, nonce, until)) ?? true))
      return { ok: false, reason: 'replayed' }
  }
  return { ok: true, keyids: pairs.map(({ keyid }) => keyid) }
}

type Claims = { created: number; keyid: string; expires?: number; nonce?: string; tag?: string; alg?: string }
type Pair = Claims & { input: InnerList; signature: Buffer }

function signaturesOf(headers: HeaderMap): Pair[] | 'missing' | 'malformed' {
  const inputText = headerOf(headers, 'signature-input')
  const signatureText = headerOf(headers, 'signature')
  if (inputText === undefined || signatureText === undefined) return 'missing'
  const inputs = parseDictionary(inputText)
  const signatures = parseDictionary(signatureText)
  if (inputs === undefined || signatures === undefined || inputs.length === 0) return 'malformed'
  if (inputs.length > MOST_SIGNATURES || inputs.length !== signatures.length) return 'malformed'
  const byLabel = new Map(signatures)
  if (byLabel.size < signatures.length || new Map(inputs).size < inputs.length) return 'malformed'
  const pairs: Pair[] = []
  for (const [label, input] of inputs) {
    const member = byLabel.get(label)
    if (!('items' in input) || member === undefined || 'items' in member || member.item.kind !== 'bytes')
      return 'malformed'
    const known = readParams(input.params)
    if (known === undefined) return 'malformed'
    pairs.push({ ...known, input, signature: member.item.value })
  }
  return pairs
}

function check(message: MessageParts, pair: Pair, policy: SignaturePolicy, now: number): SignatureFault | undefined {
  const key = policy.key(pair.keyid)
  if (key === undefined) return 'key-unknown'
  if (key.asymmetricKeyType !== 'ed25519' || (pair.alg !== undefined && pair.alg !== 'ed25519'))
    return 'algorithm-refused'
  if (policy.params.some((name) => pair[name] === undefined)) return 'parameter-missing'
  if (policy.tag !== undefined && pair.tag !== policy.tag) return 'tag-foreign'
  if (pair.created > now + policy.clockSkewSeconds) return 'from-the-future'
  const end = Math.min(pair.created + policy.maxAgeSeconds, pair.expires ?? Number.POSITIVE_INFINITY)
  if (end + policy.clockSkewSeconds < now) return 'too-old'
  const covered = new Set(pair.input.items.map(componentName))
  if (policy.components.some((name) => !covered.has(name))) return 'component-missing'
  const base = signatureBase(message, pair.input)
  if (base === undefined) return 'component-missing'
  return verify(null, Buffer.from(base), key, pair.signature) ? undefined : 'wrong'
}

function paramsOf({ created, expires, nonce, tag, alg }: SignatureParams, keyid: string): Params {
  const params: Params = new Map([['created', integer(created)]])
  if (expires !== undefined) params.set('expires', integer(expires))
  if (nonce !== undefined) params.set('nonce', text(nonce))
  params.set('keyid', text(keyid))
  if (alg !== undefined) params.set('alg', text(alg))
  if (tag !== undefined) params.set('tag', text(tag))
  return params
}

/** The parameters of a message; undefined when one has the wrong type, or `created` or `keyid` is missing. */
function readParams(params: Params): Claims | undefined {
  const found: Record<string, string | number> = {}
  for (const [name, { kind, value }] of params) {
    const expected = name === 'created' || name === 'expires' ? 'integer' : 'string'
    if (kind !== expected) return undefined
    found[name] = value as string | number
  }
  if (found.created === undefined || found.keyid === undefined) return undefined
  return found as Claims
}

function headerOf(headers: HeaderMap, name: string): string | undefined {
  const lines = Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? (value ?? []) : []))
  return lines.length > 0 ? lines.join(', ') : undefined
}

function integer(value: number): Bare {
  return { kind: 'integer', value }
}

function text(value: string): Bare {
  return { kind: 'string', value }
}
