import { type HostPrice, type HostShare, hostToRenter, type RenterPrice, renterToHost } from './price.ts'

/** `true` when a value of type `From` may be given where `To` is expected. */
type Fits<From, To> = From extends To ? true : false

declare const renter: RenterPrice
declare const host: HostPrice
declare const share: HostShare

// Defect 1 of existing pricers, as a type: the two prices cannot be given for each other, nor a bare number for either.
export const mixed: [
  Fits<RenterPrice, HostPrice>,
  Fits<HostPrice, RenterPrice>,
  Fits<number, HostPrice>,
  Fits<number, RenterPrice>,
  Fits<number, HostShare>,
] = [false, false, false, false, false]

export const converted: [HostPrice, RenterPrice] = [renterToHost(renter, share), hostToRenter(host, share)]

// A comparison of plain figures stays possible, since both are numbers of the same unit.
export const plain: number = renter
