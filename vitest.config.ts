import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/server.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // More than cores: the tests of real processes mostly wait.
    maxWorkers: 3,
  },
})
