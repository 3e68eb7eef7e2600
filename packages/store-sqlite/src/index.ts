export { restoreSqliteStore } from './backup.ts'
export { type SqliteStore, type SqliteStoreOptions, sqliteStore } from './sqlite-store.ts'
export type { StoreErrorCode } from './store-error.ts'
export type { StoreReport } from './verify.ts'
