import { TitianError } from '../../domain/error.ts'
import { isRole, type PersonRole, ROLES } from './roles.ts'

/**
 * Reads which word of a provider is which role: `gerbang-ops=ops, wali=steward`. Without a text the words are the roles themselves.
 * Throws `config-invalid`.
 */
export function readRoleMap(text: string | undefined): (claimed: readonly string[]) => PersonRole[] {
  if (text === undefined) return (claimed) => inOrder(claimed.filter(isRole))
  const map = new Map<string, PersonRole>()
  for (const pair of text.split(',')) {
    const [word = '', role = ''] = pair.split('=').map((one) => one.trim())
    if (word === '' || !isRole(role))
      throw new TitianError(
        'config-invalid',
        `OIDC_ROLES is WORD=ROLE by commas; roles are ${Object.keys(ROLES).join(', ')}`,
      )
    map.set(word, role)
  }
  return (claimed) => inOrder(claimed.flatMap((word) => map.get(word) ?? []))
}

function inOrder(roles: readonly PersonRole[]): PersonRole[] {
  return Object.keys(ROLES)
    .filter(isRole)
    .filter((role) => roles.includes(role))
}
