import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'

/** What instruments may note that holds what somebody sent, or a secret of an address. */
const TAKEN_OUT =
  /^(url\.query|user_agent\.original|client\.|network\.peer\.|http\.(request|response)\.header\.|db\.postgresql\.values|exception\.(message|stacktrace))/

/** An exporter that is given spans without values: no queries, headers, addresses of callers, and no words of errors. */
export function scrubbed(exporter: SpanExporter): SpanExporter {
  return {
    export(spans, done) {
      for (const span of spans) scrub(span)
      exporter.export(spans, done)
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  }
}

function scrub(span: ReadableSpan): void {
  takeOut(span.attributes)
  // An error's message may quote what was sent.
  delete (span.status as { message?: string }).message
  for (const { attributes } of span.events) if (attributes) takeOut(attributes)
}

function takeOut(attributes: Record<string, unknown>): void {
  for (const name of Object.keys(attributes)) if (TAKEN_OUT.test(name)) delete attributes[name]
}
