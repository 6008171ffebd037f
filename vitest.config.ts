import { configDefaults, defineConfig } from 'vitest/config'

/** Folders whose tests speak to no emulator, start no process and register no functions: their files share processes. */
const pure = [
  'api',
  'apply',
  'config',
  'guard',
  'mutants',
  'oracle',
  'plan',
  'report',
  'snapshot',
  'source',
]
const pureFiles = pure.map((folder) => `test/${folder}/**/*.test.ts`)

export default defineConfig({
  test: {
    pool: 'forks',
    // More than there are cores: many tests wait.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      // The Functions library registers itself once per process: one process for each file.
      {
        extends: true,
        test: {
          name: 'wire',
          globalSetup: ['test/support/global-setup.ts'],
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...pureFiles],
        },
      },
      { extends: true, test: { name: 'pure', include: pureFiles, isolate: false } },
    ],
  },
})
