import type { MenuRow } from '../../menu.ts'

export const QUEUES_MENU: MenuRow = {
  path: '/console/queues',
  text: { id: 'Antrean', en: 'Queues' },
  scopes: ['ops'],
}
