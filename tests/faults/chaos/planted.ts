import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A gateway and a receiver in one that answer as they are told, after a token for whoever asks. */
export async function plantedServer(listener: RequestListener) {
  const server = createServer((request, answer) => {
    if (request.url === '/oauth/token') answer.end(JSON.stringify({ access_token: 'planted', expires_in: 300 }))
    else listener(request, answer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
