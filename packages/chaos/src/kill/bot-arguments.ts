/** What a bot process is told. */
export interface BotArguments {
  readonly path: string
  readonly url: string
  readonly renterKey: string
  readonly name: string
  readonly seed: number
  /** How long an intent holds its reservation before it is sent. */
  readonly lifetimeMs: number
  readonly lockWaitMsMax: number
  /** Work until nothing is open, then end; otherwise work until ended. */
  readonly finishes: boolean
}
