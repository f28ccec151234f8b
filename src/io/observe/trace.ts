import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'

/**
 * The place in a trace where this code runs, as a W3C `traceparent`, to be kept with a row; null where nothing is traced. Without
 * `OTEL_*` variables nothing is.
 */
export function activeTrace(): string | null {
  const carrier: { traceparent?: string } = {}
  propagation.inject(context.active(), carrier)
  return carrier.traceparent ?? null
}

/**
 * Runs the work as a span of the trace that was kept with a row, or of the present one. Attributes are ids, codes and counts, never
 * a value of a record; of an error only that there was one is told.
 */
export function inTrace<T>(
  parent: string | null | undefined,
  name: string,
  attributes: Attributes,
  work: (span: Pick<Span, 'setAttribute'>) => Promise<T>,
): Promise<T> {
  const place = parent ? propagation.extract(ROOT_CONTEXT, { traceparent: parent }) : context.active()
  return trace.getTracer('titian').startActiveSpan(name, { attributes }, place, async (span) => {
    try {
      return await work(span)
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  })
}
