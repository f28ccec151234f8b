/** Member of a JSON record that holds why the gateway gave it back; a push ignores it. */
export const REASON_MEMBER = '_titian'
/** How columns begin that hold the same in a CSV; a push ignores them. */
const REASON_PREFIX = 'titian_'

/** Whether a column of a file was added by the gateway, when it gave the rows back. */
export function isReasonColumn(name: string): boolean {
  return name.startsWith(REASON_PREFIX)
}
