import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { V8_FLAGS } from '../src/cli/run/child.ts'
import { SETTINGS } from '../src/config.ts'

const DEPLOY = join(import.meta.dirname, '../deploy')
const read = (path: string) => readFileSync(join(DEPLOY, path), 'utf8')
/** Read by the entry itself, before there are settings. */
const BESIDE = ['TITIAN_DATA', 'NODE_OPTIONS', 'MALLOC_ARENA_MAX', 'MALLOC_MMAP_THRESHOLD_', 'MALLOC_TRIM_THRESHOLD_']
const COMMANDS = ['serve', 'work', 'migrate']

type Container = {
  image: string
  args: string[]
  command?: string[]
  env?: { name: string; value: string }[]
  envFrom?: { configMapRef?: { name: string } }[]
  ports?: { name: string; containerPort: number }[]
  volumeMounts?: { name: string }[]
  resources?: { requests: Record<string, string>; limits: Record<string, string> }
} & Record<'startupProbe' | 'readinessProbe' | 'livenessProbe', { httpGet: { path: string; port: string } } | undefined>
type Pod = { containers: Container[]; volumes?: { name: string }[] }
type Labels = { matchLabels: { app: string } }
type Manifest = {
  kind: string
  metadata: { name: string; namespace?: string }
  data: Record<string, string>
  spec: {
    selector: Labels & { app?: string }
    template: { metadata: { labels?: { app: string } }; spec: Pod }
    ports: { targetPort: string }[]
    scaleTargetRef: { kind: string; name: string }
    metrics: { external: { metric: { name: string } } }[]
  }
}

const manifests = parseAllDocuments(read('kubernetes/titian.yaml')).map((document) => document.toJS() as Manifest)
const ofKind = (...kinds: string[]) => manifests.filter(({ kind }) => kinds.includes(kind))
const unknown = (names: readonly string[]) => names.filter((name) => !(name in SETTINGS) && !BESIDE.includes(name))

describe('the manifests for Kubernetes', () => {
  it('are well-formed, each in our namespace under a name of its own', () => {
    const parsed = parseAllDocuments(read('kubernetes/titian.yaml'))
    expect(parsed.flatMap(({ errors }) => errors)).toEqual([])
    const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    expect(new Set(names).size).toBe(names.length)
    expect(manifests.slice(1).every(({ metadata }) => metadata.namespace === 'titian')).toBe(true)
  })

  it('name settings, commands, ports and mounts that there are', () => {
    const maps = new Map(ofKind('ConfigMap').map(({ metadata, data }) => [metadata.name, data]))
    for (const { spec } of ofKind('Deployment', 'Job')) {
      const { containers, volumes = [] } = spec.template.spec
      for (const { args, env = [], envFrom = [], volumeMounts = [], ports = [], ...container } of containers) {
        expect(COMMANDS).toContain(args[0])
        for (const { configMapRef } of envFrom)
          if (configMapRef) expect(unknown(Object.keys(maps.get(configMapRef.name) ?? { missing: '' }))).toEqual([])
        for (const { name } of volumeMounts) expect(volumes.map((volume) => volume.name)).toContain(name)
        const settings = Object.fromEntries(env.map(({ name, value }) => [name, value]))
        expect(unknown(Object.keys(settings))).toEqual([])
        for (const { name, containerPort } of ports)
          expect(String(containerPort)).toBe(name === 'metrics' ? settings.METRICS_PORT : maps.get('titian')?.PORT)
        for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe])
          if (probe) {
            expect(['/livez', '/readyz']).toContain(probe.httpGet.path)
            expect(ports.map(({ name }) => name)).toContain(probe.httpGet.port)
          }
      }
    }
  })

  it('give every process that stays room, and probes', () => {
    for (const { spec } of ofKind('Deployment')) {
      const [container] = spec.template.spec.containers
      expect(Object.keys(container?.resources?.requests ?? {})).toEqual(['cpu', 'memory'])
      expect(container?.resources?.limits.memory).toBeDefined()
      expect(container?.readinessProbe && container.livenessProbe).toBeDefined()
    }
  })

  it('select pods, scale a deployment and ask for a metric that there are', () => {
    const pods = ofKind('Deployment').map(({ spec }) => spec.template.metadata.labels?.app)
    for (const { spec } of ofKind('Deployment', 'PodDisruptionBudget'))
      expect(pods).toContain(spec.selector.matchLabels.app)
    for (const { spec } of ofKind('Service')) expect(pods).toContain(spec.selector.app)
    const metrics = readFileSync(join(import.meta.dirname, '../src/io/observe/gauges.ts'), 'utf8')
    for (const { spec } of ofKind('HorizontalPodAutoscaler')) {
      expect(ofKind(spec.scaleTargetRef.kind).map(({ metadata }) => metadata.name)).toContain(spec.scaleTargetRef.name)
      for (const { external } of spec.metrics) expect(metrics).toContain(`'${external.metric.name}'`)
    }
  })
})

const WORKER = ['node', ...(V8_FLAGS.work ?? []), 'src/main.ts']

describe('the compose file of the cluster', () => {
  type Service = {
    command?: string[]
    entrypoint?: string[]
    image: string
    environment?: Record<string, string>
    depends_on?: string[]
    volumes?: string[]
    secrets?: string[]
  }
  const isWorker = ({ command }: Service) => command?.[0] === 'work'
  const { services, volumes } = parse(read('compose/compose.yaml'), { merge: true }) as {
    services: Record<string, Service>
    volumes: Record<string, null>
  }

  it('names settings, commands, files, services and volumes that there are', () => {
    const files = globSync('**', { cwd: DEPLOY })
    for (const { command = [], image, environment = {}, depends_on = [], volumes: mounts = [] } of Object.values(
      services,
    )) {
      if (image === 'titian') {
        expect(COMMANDS).toContain(command[0])
        expect(unknown(Object.keys(environment))).toEqual([])
      }
      for (const name of depends_on) expect(Object.keys(services)).toContain(name)
      for (const mount of mounts) {
        const [from = ''] = mount.split(':')
        if (from.startsWith('../')) expect(files).toContain(from.slice(3))
        else expect(Object.keys(volumes)).toContain(from)
      }
    }
  })

  const alone = parse(readFileSync(join(DEPLOY, '../docker-compose.yml'), 'utf8'), { merge: true }) as {
    services: Record<string, Service>
  }
  const both = [services, alone.services].flatMap((all) => Object.values(all))

  it('gives the key ring to who reads it, and to nobody else', () => {
    const holders = both.filter(({ secrets = [] }) => secrets.includes('keys')).map(({ command = [] }) => command[0])
    expect(new Set(holders)).toEqual(new Set(['serve', 'work']))
    const readers = both.filter(({ command = [] }) => ['serve', 'work'].includes(command[0] ?? ''))
    expect(holders).toHaveLength(readers.length)
  })

  it('starts workers as `titian up` does, like the other files', () => {
    const workers = both.filter(isWorker)
    expect(workers.map(({ entrypoint }) => entrypoint)).toEqual([WORKER, WORKER, WORKER])
    const pods = ofKind('Deployment').flatMap(({ spec }) => spec.template.spec.containers)
    expect(pods.filter(({ args }) => args[0] === 'work').map(({ command }) => command)).toEqual([WORKER])
  })

  it('has every host that the configurations of the engines name', () => {
    const named = (path: string, pattern: RegExp) => [...read(path).matchAll(pattern)].map(([, name]) => name ?? '')
    const hosts = [
      ...named('haproxy/api.cfg', /^ {4}server \w+ (\w+):\d+/gm),
      ...named('haproxy/postgres.cfg', /^ {4}server \w+ (\w+):\d+/gm),
      ...named('patroni/patroni.yml', /(\w+):2379/g),
      ...named('redis/sentinel.conf', /monitor titian (\w+)/g),
    ]
    expect(hosts.length).toBeGreaterThan(7)
    for (const host of hosts) expect(Object.keys(services)).toContain(host)
  })
})
