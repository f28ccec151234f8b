import type { FastifyOtelInstrumentation } from '@fastify/otel'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import { TitianError } from '../../domain/error.ts'
import type { QueueTelemetry } from '../queue.ts'

/** What is traced beside our own spans; nothing where tracing is off. Disposing of it sends what is left. */
export type Tracing = AsyncDisposable & {
  plugin?: ReturnType<FastifyOtelInstrumentation['plugin']>
  telemetry?: QueueTelemetry
}

type Env = Readonly<Record<string, string | undefined>>

const OFF: Tracing = { [Symbol.asyncDispose]: () => Promise.resolve() }
const ENDPOINTS = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] as const

/**
 * Traces this process where the usual variables of OpenTelemetry ask for it: an endpoint, or `OTEL_TRACES_EXPORTER` (`otlp`,
 * `console`). Otherwise nothing of the SDK is loaded. Throws `config-invalid` for what is not known here.
 */
export async function openTracing(env: Env, service: string): Promise<Tracing> {
  const wanted = env.OTEL_TRACES_EXPORTER || (ENDPOINTS.some((name) => env[name]) ? 'otlp' : 'none')
  if (wanted === 'none' || env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return OFF
  return startTracing(await exporterOf(wanted), env, service)
}

async function exporterOf(wanted: string): Promise<SpanExporter> {
  if (wanted === 'console') return new (await import('@opentelemetry/sdk-trace')).ConsoleSpanExporter()
  if (wanted === 'otlp') return new (await import('@opentelemetry/exporter-trace-otlp-proto')).OTLPTraceExporter()
  throw new TitianError('config-invalid', 'OTEL_TRACES_EXPORTER is otlp, console or none')
}

/** Sends spans of this process to an exporter: HTTP that comes in and goes out, PostgreSQL, queues and stages. */
export async function startTracing(exporter: SpanExporter, env: Env, service: string): Promise<Required<Tracing>> {
  const [
    api,
    sdk,
    { AsyncLocalStorageContextManager },
    { W3CTraceContextPropagator },
    resources,
    scrub,
    sampling,
    ours,
  ] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/context-async-hooks'),
    import('@opentelemetry/core'),
    import('@opentelemetry/resources'),
    import('./tracing/scrub.ts'),
    import('./tracing/sampler.ts'),
    import('./tracing/instruments.ts'),
  ])
  const named = resources.resourceFromAttributes({ 'service.name': `titian-${service}` })
  const provider = new sdk.TracerProvider({
    resource: named.merge(resources.detectResources({ detectors: [resources.envDetector] })),
    sampler: sampling.samplerOf(env),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: scrub.scrubbed(exporter) })],
  })
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  api.propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  api.trace.setGlobalTracerProvider(provider)
  const instruments = ours.openInstruments(provider)
  return {
    ...instruments,
    async [Symbol.asyncDispose]() {
      instruments.close()
      await provider.shutdown().catch(() => undefined)
      api.trace.disable()
      api.context.disable()
      api.propagation.disable()
    },
  }
}
