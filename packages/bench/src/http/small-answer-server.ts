/** Runs in a worker, so that it takes no time of the client under test: answers everything with one small JSON object. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parentPort } from 'node:worker_threads'

const answer = JSON.stringify({
  id: 4711,
  username: 'host',
  email: 'host@example.com',
  balance: 12.5,
  credit: 100,
  has_billing: true,
  can_pay: true,
  paid_expected: 12.5,
  ssh_key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHexample a@example.com',
})
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) })
  response.end(answer)
})
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port))
