import { balanceUsd } from '../account-balance.ts'
import { ITEMS_MAX } from '../account-book.ts'
import { json } from '../answer.ts'
import { requireText } from '../arguments.ts'
import type { Call, Route } from '../call.ts'
import type { Json } from '../json.ts'
import { every } from '../rate-limits.ts'
import { invalidArguments } from '../refused.ts'

/** The account itself. */
export const userRoutes: readonly Route[] = [
  { method: 'GET', path: '/users/current', access: 'user_read', handle: current },
  {
    method: 'PUT',
    path: '/users',
    access: 'user_write',
    handle: call => {
      const { settings } = call.caller.book
      for (const [key, value] of Object.entries(call.body)) if (settable.has(key)) settings.set(key, value)
      return current(call)
    },
  },
  {
    method: 'GET',
    path: '/users/me/ipaddrs',
    access: 'user_read',
    limit: every(2.9),
    handle: call => {
      const seen = new Map([...call.caller.book.auditLog].map(entry => [entry.ip_address, entry.created_at]))
      const results = [...seen].map(([address, atS], index) => ({
        id: index + 1,
        user_id: call.caller.account.id,
        ip: address,
        ip_address: address,
        timestamp: new Date(atS * 1000).toISOString(),
        first_seen: new Date(atS * 1000).toISOString(),
        first_location: 'loopback',
      }))
      return json({ success: true, results })
    },
  },
  {
    method: 'GET',
    path: '/subaccounts',
    access: 'user_read',
    handle: call => json({ success: true, users: call.caller.book.subaccounts }),
  },
  {
    method: 'POST',
    path: '/users',
    access: 'user_write',
    handle: call => {
      const { subaccounts } = call.caller.book
      if (subaccounts.length >= ITEMS_MAX) throw invalidArguments('Too many subaccounts.')
      const user = {
        id: call.simulation.nextId('subaccount', 900_001),
        email: requireText(call.body, 'email', 320),
        username: requireText(call.body, 'username', 320),
        host_only: call.body['host_only'] === true,
        parent_id: call.caller.account.id,
      }
      requireText(call.body, 'password', 1_024)
      subaccounts.push(user)
      return json({ success: true, ...user })
    },
  },
  {
    // A bare list.
    method: 'GET',
    path: '/audit_logs',
    access: 'user_read',
    handle: call => json([...call.caller.book.auditLog]),
  },
]

const settable = new Set([
  'ssh_key',
  'billaddress_name',
  'billaddress_addr1',
  'billaddress_addr2',
  'billaddress_city',
  'billaddress_zip',
  'billaddress_country',
  'billaddress_taxinfo',
  'balance_threshold_enabled',
  'balance_threshold',
  'autobill_threshold',
  'autobill_amount',
  'phone_number',
])

/** For hosts `balance` is what accrued. The old client breaks unless `api_key` is there, so it is, without the key. */
function current(call: Call) {
  const { account, book } = call.caller
  const balance = balanceUsd(call.simulation.world, account)
  const settings: Record<string, Json> = Object.fromEntries(book.settings)
  return json({
    id: account.id,
    username: account.name,
    email: `${account.name}@sim.invalid`,
    email_verified: true,
    api_key: '',
    balance,
    credit: account.kind === 'renter' ? balance : 0,
    has_billing: true,
    has_payout: account.kind === 'host',
    can_pay: true,
    paid_verified: 0,
    paid_expected: 0,
    billed_verified: 0,
    billed_expected: 0,
    balance_threshold: 0,
    balance_threshold_enabled: false,
    ssh_key: [...book.sshKeys.values()].at(0)?.publicKey ?? null,
    host_only: account.kind === 'host',
    ...settings,
  })
}
