import type { Endpoint } from './endpoint.ts'

/** The permission group of API keys that an endpoint needs. */
export function permissionFor(target: Endpoint): string {
  const { method, route } = target
  const verb = method === 'GET' ? 'read' : 'write'
  if (/^\/(?:machines|metrics|volumes\/unlist)/.test(route)) return `machine_${verb}`
  if (/invoices|charges|balance|machine-earnings/.test(route)) return 'billing_read'
  if (/instances|asks|bundles/.test(route) || route.startsWith('/launch')) return `instance_${verb}`
  if (/^\/(?:users|ssh|auth|subaccounts|secrets|webhooks|notification|audit)/.test(route)) return `user_${verb}`
  return 'misc'
}
