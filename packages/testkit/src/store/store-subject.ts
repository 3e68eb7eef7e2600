import type { Store } from '@org/core'

/** A way to get stores of the kind under test. */
export interface StoreSubject {
  /** A new store that holds nothing. */
  readonly create: () => Promise<Store> | Store
  /**
   * Another handle on what `store` keeps, as another process or a later start would open it. Called while `store` is open and after it
   * was closed. Left out by stores that keep nothing: their checks of it are skipped.
   */
  readonly reopen?: ((store: Store) => Promise<Store>) | undefined
}
