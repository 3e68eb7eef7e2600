export { automate } from './automate.ts'
export { type ExitCode, exitCodes } from './exit-code.ts'
export type { Surroundings } from './surroundings.ts'
