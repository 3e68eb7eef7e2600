/** Groups that a scoped key may hold. */
export const permissions = [
  'instance_read',
  'instance_write',
  'user_read',
  'user_write',
  'billing_read',
  'billing_write',
  'machine_read',
  'machine_write',
  'misc',
  'team_read',
  'team_write',
] as const

export type Permission = (typeof permissions)[number]

/** True for the name of a group. */
export function isPermission(name: string): name is Permission {
  return (permissions as readonly string[]).includes(name)
}
