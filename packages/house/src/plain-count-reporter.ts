import type { Reporter, TestModule } from 'vitest/node'

/** Ends a test run with the plain line `N passed, N failed`, counted from the results; files that could not run count as failed. */
export class PlainCountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0
    let failed = unhandledErrors.length
    for (const module of modules) {
      if (
        module.state() === 'failed' &&
        [...module.children.allTests()].every(test => test.result().state !== 'failed')
      )
        failed++
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed++
        if (state === 'failed') failed++
      }
    }
    console.log(`\n${passed} passed, ${failed} failed`)
  }
}
