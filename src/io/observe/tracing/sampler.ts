import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'
import { TitianError } from '../../../domain/error.ts'

/** Which traces are kept, by `OTEL_TRACES_SAMPLER` and its `_ARG`, as OpenTelemetry names them; all that a parent keeps by default. */
export function samplerOf(env: Readonly<Record<string, string | undefined>>): Sampler {
  const name = env.OTEL_TRACES_SAMPLER || 'parentbased_always_on'
  const ratio = Number(env.OTEL_TRACES_SAMPLER_ARG || 1)
  const roots: Record<string, () => Sampler> = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(ratio),
  }
  const root = roots[name.replace(/^parentbased_/, '')]
  if (root === undefined || !(ratio >= 0 && ratio <= 1))
    throw new TitianError('config-invalid', 'OTEL_TRACES_SAMPLER or its OTEL_TRACES_SAMPLER_ARG is not known')
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root: root() }) : root()
}
