import type { FieldKind } from './offer-fields.ts'

/** What volumes can be searched by; units as for offers. */
export const volumeFields = {
  id: 'number',
  machine_id: 'number',
  host_id: 'number',
  cluster_id: 'number',
  disk_space: 'number',
  disk_bw: 'number',
  nw_disk_min_bw: 'number',
  nw_disk_avg_bw: 'number',
  nw_disk_max_bw: 'number',
  storage_cost: 'number',
  inet_up: 'number',
  inet_down: 'number',
  reliability: 'number',
  verified: 'flag',
  datacenter: 'flag',
  static_ip: 'flag',
  geolocation: 'text',
  duration: 'number',
  cpu_arch: 'text',
  gpu_arch: 'text',
  has_avx: 'flag',
  pci_gen: 'number',
  pcie_bw: 'number',
  total_flops: 'number',
  ubuntu_version: 'text',
  cuda_vers: 'number',
  driver_version: 'version',
} as const satisfies Record<string, FieldKind>

export const benchmarkFields = {
  id: 'number',
  contract_id: 'number',
  machine_id: 'number',
  gpu_name: 'text',
  num_gpus: 'number',
  image: 'text',
  launch_args: 'text',
  template_id: 'number',
  template_hash: 'text',
  type: 'text',
  value: 'number',
  /** Epoch seconds. */
  last_update: 'number',
} as const satisfies Record<string, FieldKind>

export const templateFields = {
  id: 'number',
  hash_id: 'text',
  name: 'text',
  creator_id: 'number',
  /** Epoch seconds. */
  created_at: 'number',
  /** Epoch seconds. */
  recent_create_date: 'number',
  count_created: 'number',
  recommended: 'flag',
  private: 'flag',
  image: 'text',
  tag: 'text',
  default_tag: 'text',
  docker_login_repo: 'text',
  /** GB. */
  recommended_disk_space: 'number',
  jup_direct: 'flag',
  ssh_direct: 'flag',
  use_ssh: 'flag',
} as const satisfies Record<string, FieldKind>

export const invoiceFields = {
  id: 'number',
  user_id: 'number',
  /** Epoch seconds. */
  when: 'number',
  /** Epoch seconds. */
  paid_on: 'number',
  /** Epoch seconds. */
  payment_expected: 'number',
  amount_cents: 'number',
  original_amount: 'number',
  balance_before: 'number',
  balance_after: 'number',
  cut_amount: 'number',
  cut_percent: 'number',
  is_credit: 'flag',
  is_delayed: 'flag',
  is_check: 'flag',
  failed: 'flag',
  refunded: 'flag',
  event_id: 'text',
  service: 'text',
  extra: 'text',
  error: 'text',
  stripe_charge: 'text',
  stripe_refund: 'text',
  stripe_payout: 'text',
  paypal_email: 'text',
  transfer_group: 'text',
} as const satisfies Record<string, FieldKind>
