import type { Pool } from 'pg'
import type { AccountId } from '../../domain/ids.ts'
import { newId } from '../../io/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../audit/audit.sql.ts'
import type { Vault } from '../keys/vault.ts'
import { findForeignAccount, insertAccount, noteSignedIn, setForeign } from './account.sql.ts'
import { accountPlace, nameIndex } from './account.ts'
import { deleteSessionsOf } from './account-session.sql.ts'
import type { ProviderIdentity } from './provider.client.ts'
import type { PersonRole } from './roles.ts'

export type ForeignAnswer =
  | { is: 'known'; account: AccountId }
  | { is: 'refused'; reason: 'no-role' | 'disabled'; account?: AccountId }

/**
 * Lets in whom another provider knows. The account is made at the first sign-in; its name and roles are those of the provider each
 * time. Who has no role (any more) is out, with all sessions.
 */
export function enterForeign(
  { db, vault }: { db: Pool; vault: Pick<Vault, 'index' | 'seal'> },
  { issuer, subject, name }: ProviderIdentity,
  roles: readonly PersonRole[],
): Promise<ForeignAnswer> {
  const subjectIndex = vault.index('secret', `subject\n${issuer}\n${subject}`)
  return inTransaction(db, async (tx) => {
    const account = await findForeignAccount(tx, subjectIndex)
    const sealed = (id: AccountId) => vault.seal(Buffer.from(name), accountPlace(id, 'name'))
    if (account === undefined) {
      if (roles.length === 0) return { is: 'refused', reason: 'no-role' }
      const id = newId('acc')
      // Nobody else's name is in the way of theirs: who is from elsewhere is found by the id.
      await insertAccount(tx, { id, name: sealed(id), nameIndex: nameIndex(vault, `${id}\n`), roles, subjectIndex })
      await noteSignedIn(tx, id)
      await appendAudit(tx, { actor: id, action: 'account.added', object: id, shown: { roles: roles.join(' ') } })
      await appendAudit(tx, { actor: id, action: 'account.signed-in', object: id, shown: { by: 'oidc' } })
      return { is: 'known', account: id }
    }
    const { id } = account
    if (account.disabledAt !== null) return { is: 'refused', reason: 'disabled', account: id }
    if (roles.length === 0) {
      await deleteSessionsOf(tx, id)
      return { is: 'refused', reason: 'no-role', account: id }
    }
    await setForeign(tx, id, { name: sealed(id), roles })
    await noteSignedIn(tx, id)
    if (roles.join(' ') !== account.roles.join(' '))
      await appendAudit(tx, { actor: id, action: 'account.roles', object: id, shown: { roles: roles.join(' ') } })
    await appendAudit(tx, { actor: id, action: 'account.signed-in', object: id, shown: { by: 'oidc' } })
    return { is: 'known', account: id }
  })
}
