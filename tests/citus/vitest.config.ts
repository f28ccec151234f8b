import { configDefaults, defineConfig } from 'vitest/config'

/** What runs on distributed tables too: the flows, the link stage, what reads the ledger, and workers that are killed. */
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    include: [
      'tests/citus/**/*.test.ts',
      ...(process.env.CITUS_URL
        ? [
            'tests/flows/*.test.ts',
            'tests/link/**/*.test.ts',
            'tests/engine/**/*.test.ts',
            'tests/reports/**/*.test.ts',
            'tests/faults/crash.test.ts',
          ]
        : []),
    ],
    exclude: [...configDefaults.exclude, '**/*.scored.test.ts', 'tests/flows/{upgrade,readme}.test.ts'],
    globalSetup: ['tests/citus/server.ts'],
    testTimeout: 120_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 120_000 } },
    // One file at a time: one of them kills a worker node.
    maxWorkers: 1,
  },
})
