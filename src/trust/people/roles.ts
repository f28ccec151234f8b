import type { Right } from '../access/scopes.ts'

/** What a person may be at the console, with the right that it gives: what each may see and do stands in `src/console/rights.ts`. */
export const ROLES = {
  ops: {
    right: 'ops',
    id: 'Petugas operasi: memantau dan mengendalikan gerbang',
    en: 'Watches and operates the gateway',
  },
  steward: {
    right: 'steward',
    id: 'Wali data: memutuskan siapa adalah siapa, dan melihat data orang',
    en: 'Data steward: decides who is who, and sees data of persons',
  },
  auditor: {
    right: 'auditor',
    id: 'Auditor: melihat siapa melakukan apa, tanpa data orang',
    en: 'Sees who did what, and no data of persons',
  },
  viewer: {
    right: 'viewer',
    id: 'Pengamat: melihat jumlah dan keadaan, tanpa data orang',
    en: 'Sees counts and states, and no data of persons',
  },
} as const satisfies Record<string, { right: Right; id: string; en: string }>
export type PersonRole = keyof typeof ROLES

/** Tells a role from any other text. */
export function isRole(text: string): text is PersonRole {
  return Object.hasOwn(ROLES, text)
}

/** What roles allow; a text that is no role (any more) allows nothing. */
export function rightsOfRoles(roles: readonly string[]): Right[] {
  return [...new Set(roles.filter(isRole).map((role) => ROLES[role].right))]
}
