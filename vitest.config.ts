import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/server.ts'],
    // Limits end what hangs. They measure nothing: a shared machine may be five times slower than a quiet one.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    // Nothing of ours keeps state in a module, so files of a worker share what they import: a third of the CPU of short files.
    isolate: false,
    // More than cores: the tests of real processes mostly wait.
    maxWorkers: 3,
  },
})
