import { FastifyOtelInstrumentation } from '@fastify/otel'
import type { TracerProvider } from '@opentelemetry/api'
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { BullMQOtel } from 'bullmq-otel'
import pg from 'pg'
import type { Tracing } from '../tracing.ts'

/** Instruments of the libraries that we use; `close` takes them off again. */
export function openInstruments(
  provider: TracerProvider,
): Required<Omit<Tracing, typeof Symbol.asyncDispose>> & { close(): void } {
  const fastify = new FastifyOtelInstrumentation({
    // Of a path only its template is noted: what stands in it is a caller's.
    requestHook: (span, { routeOptions: { url } }) => span.setAttribute('url.path', url ?? ''),
  })
  const undici = new UndiciInstrumentation({
    requireParentforSpans: true,
    // The path of a webhook may be its secret.
    startSpanHook: ({ origin }) => ({ 'url.full': origin, 'url.path': '', 'url.query': '', 'user_agent.original': '' }),
  })
  const postgres = new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true })
  // The library's own way hooks into the loading of modules; ours is loaded already.
  const modules = postgres.getModuleDefinitions().filter(({ name }) => name === 'pg')
  for (const { patch } of modules) patch?.(pg)
  for (const instrument of [fastify, undici, postgres]) instrument.setTracerProvider(provider)
  return {
    plugin: fastify.plugin(),
    telemetry: new BullMQOtel({ tracerName: 'titian' }),
    close() {
      undici.disable()
      for (const { unpatch } of modules) unpatch?.(pg)
    },
  }
}
