/** Ends this process when the one that started it is gone: its end of our standard input closes then. */
export function endWithParent(): void {
  process.stdin.on('end', () => process.exit(4)).resume()
  // Waiting for it is no reason to go on.
  process.stdin.unref()
}
