export { type StoreCheck, storeChecks } from './store/store-checks.ts'
export { type StoreConformanceOptions, storeConformance } from './store/store-conformance.ts'
export type { StoreSubject } from './store/store-subject.ts'
