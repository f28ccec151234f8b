import { execFile, execFileSync, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A host of its own network address, on which processes run; it can be killed whole, and cut off without a word. */
export type Host = {
  name: string
  address: string
  /** Starts a program that is started again, as by systemd, whenever it ends while the host is up. */
  keep(command: readonly string[], env?: Readonly<Record<string, string>>): Promise<void>
  /** Kills all that runs on it, as a power cut would. */
  kill(): Promise<void>
  /** Starts again what it kept. */
  boot(): Promise<void>
  /** Takes its cable out: nothing comes in or goes out, and nobody is told. */
  cutOff(): Promise<void>
  plugIn(): Promise<void>
}

type Service = { command: readonly string[]; env: Readonly<Record<string, string>>; log: string }

/** Why no network namespaces can be made here; undefined where they can. */
export function withoutNamespaces(): string | undefined {
  if (process.getuid?.() !== 0) return 'network namespaces want root'
  try {
    execFileSync('ip', ['netns', 'add', 'titian-try'], { stdio: 'ignore' })
    execFileSync('ip', ['netns', 'delete', 'titian-try'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'no network namespace can be made'
  }
}

/** A network of network namespaces behind one bridge; `outside` is this process's address in it. Logs lie in the folder. */
export async function openNetwork(names: readonly string[], folder: string) {
  const [net, mark] = [`10.${100 + (process.pid % 100)}.${(process.pid >> 8) % 250}`, `t${process.pid % 10_000}`]
  const outside = `${net}.254`
  await run('ip', ['link', 'add', mark, 'type', 'bridge'])
  await run('ip', ['address', 'add', `${outside}/24`, 'dev', mark])
  await run('ip', ['link', 'set', mark, 'up'])
  const hosts = new Map<string, Host>()
  for (const [at, name] of names.entries()) {
    const space = `${mark}-${name}`
    const address = `${net}.${at + 1}`
    const cable = `${mark}v${at}`
    await run('ip', ['netns', 'add', space])
    await run('ip', ['link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space])
    await run('ip', ['link', 'set', cable, 'master', mark, 'up'])
    const inside = ['netns', 'exec', space, 'ip']
    await run('ip', [...inside, 'address', 'add', `${address}/24`, 'dev', 'eth0'])
    await run('ip', [...inside, 'link', 'set', 'eth0', 'up'])
    await run('ip', [...inside, 'link', 'set', 'lo', 'up'])
    hosts.set(name, hostOf(name, address, space, cable, folder))
  }
  return {
    outside,
    host(name: string): Host {
      const host = hosts.get(name)
      if (host === undefined) throw new Error(`no host is called ${name}`)
      return host
    },
    /** A text with names of hosts in place of their addresses. */
    resolve: (text: string) =>
      [...hosts].reduce(
        (all, [name, { address }]) => all.replaceAll(new RegExp(`\\b${name}:`, 'g'), `${address}:`),
        text,
      ),
    async [Symbol.asyncDispose]() {
      await Promise.all([...hosts.values()].map((host) => host.kill()))
      for (const name of hosts.keys()) await run('ip', ['netns', 'delete', `${mark}-${name}`])
      await run('ip', ['link', 'delete', mark])
    },
  }
}

export type Network = Awaited<ReturnType<typeof openNetwork>>

function hostOf(name: string, address: string, space: string, cable: string, folder: string): Host {
  const services: Service[] = []
  let life = 0
  const start = ({ command, env, log }: Service, mine: number) => {
    const file = openSync(log, 'a')
    const child = spawn('ip', ['netns', 'exec', space, ...command], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', file, file],
      detached: true,
    })
    closeSync(file)
    child.once('exit', () => {
      void delay(500).then(() => mine === life && start({ command, env, log }, mine))
    })
  }
  return {
    name,
    address,
    async keep(command, env = {}) {
      const service = { command, env, log: `${folder}/${name}-${services.length}.log` }
      services.push(service)
      start(service, life)
    },
    async kill() {
      life += 1
      // What was about to fork while it was killed is killed with the next look.
      for (let pids = await pidsOf(space); pids.length > 0; pids = await pidsOf(space)) {
        for (const pid of pids) killOne(pid)
        await delay(20)
      }
    },
    async boot() {
      for (const service of services) start(service, life)
    },
    cutOff: async () => void (await run('ip', ['link', 'set', cable, 'down'])),
    plugIn: async () => void (await run('ip', ['link', 'set', cable, 'up'])),
  }
}

async function pidsOf(space: string): Promise<number[]> {
  const { stdout } = await run('ip', ['netns', 'pids', space])
  return stdout.split('\n').filter(Boolean).map(Number)
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}
