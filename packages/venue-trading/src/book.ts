// The account book alone, for venues that simulate an exchange: its module graph holds no exchange client.
export { AccountBook } from './book/account-book.ts'
export type { NewOrder } from './book/book-order.ts'
