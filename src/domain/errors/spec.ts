/** How a failure is answered, and in which words. */
export type ErrorSpec = { status: number; retry: boolean; id: string; en: string }
