import { defineConfig } from 'vitest/config'
import { PlainCountReporter } from './packages/house/src/plain-count-reporter.ts'

// Tests run on the sources: the condition `@org/source` resolves every workspace package to its src/, so no build is needed.
const conditions = ['@org/source', 'node', 'import', 'module', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', 'examples/*/{src,test}/**/*.test.ts'],
    pool: 'threads',
    // By default one core is left free, which on a machine of two is half of it.
    maxWorkers: '100%',
    reporters: ['default', new PlainCountReporter()],
  },
})
