/**
 * What a realm may say. Everything that comes out of one is untrusted: a message is rebuilt here field by field, sizes
 * bounded, unknown fields dropped, before anybody else sees it. Used by both runners; no Node, no Electron.
 */
import { z } from 'zod';
import { LONGEST_EXPORT, LONGEST_PART, type RealmMessage } from '../../renderer/runner/protocol.ts';
import type { ExperimentResult, Failure, Progress, ScriptError } from '../engine/result.ts';
import { stepCount } from '../engine/trace.ts';
import { line, traceShape } from './realm-trace.ts';

const MAX_TEXT = 20_000;

const count = z.number().int().nonnegative();
const seconds = z.number().nonnegative();
/** Free text is cut where it is too long to show; a name that is too long is refused. */
const text = z.string().transform((whole) => (whole.length <= MAX_TEXT ? whole : `${whole.slice(0, MAX_TEXT)} ...`));
const name = line(500);
const verdict = z.enum(['pass', 'fail', 'inconclusive', 'not-applicable', 'error']);

const scriptError: z.ZodType<ScriptError> = z.object({ message: text, line: count, column: count, stack: text });

const failure: z.ZodType<Failure> = z
  .object({
    check: name,
    kind: z.enum(['builtin', 'always', 'finally', 'deadlock', 'assert']),
    message: text,
    source: text,
    trace: traceShape,
    failingStep: z.number().int().min(-1),
  })
  .refine((broken) => broken.failingStep < stepCount(broken.trace), 'breaks at a step that is not there');

const result: z.ZodType<ExperimentResult> = z.object({
  experiment: name,
  line: count,
  kernel: line(100),
  verdict,
  expected: verdict.nullable(),
  asExpected: z.boolean(),
  exhaustive: z.boolean(),
  executions: count,
  states: count,
  transitions: count,
  depth: count,
  frontier: count,
  seconds,
  failures: z.array(failure).max(100),
  limit: z.enum(['states', 'steps', 'time', 'memory', 'stopped']).nullable(),
  error: scriptError.nullable(),
  sample: traceShape.nullable(),
  notes: z.array(text).max(100),
});

const progress: z.ZodType<Progress> = z.object({
  experiment: name,
  kernel: line(100),
  states: count,
  transitions: count,
  frontier: count,
  depth: count,
  bytes: count.optional(),
  estimate: z.object({ low: count, high: count }).nullable().optional(),
});

const planned = z.object({ name, line: count, kernels: z.array(line(100)).max(1000) });

const message: z.ZodType<RealmMessage> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('plan'), experiments: z.array(planned).max(10_000) }),
  z.object({ kind: z.literal('progress'), progress }),
  z.object({ kind: z.literal('result'), result }),
  z.object({ kind: z.literal('saved'), part: z.enum(['record', 'head']), text: z.string().max(LONGEST_PART) }),
  z.object({ kind: z.literal('checkpoint'), experiment: name, kernel: line(100), line: count, fresh: z.boolean() }),
  z.object({ kind: z.literal('export'), text: z.string().max(LONGEST_EXPORT) }),
  z.object({ kind: z.literal('console'), text }),
  z.object({ kind: z.literal('fatal'), error: scriptError }),
  z.object({ kind: z.literal('done') }),
]);

/** A checked message, or one sentence about what is wrong with it. */
export type CheckedMessage =
  | { readonly ok: true; readonly message: RealmMessage }
  | { readonly ok: false; readonly reason: string };

/** Checks one thing that a realm sent. Anything at all may be handed in. */
export function checkRealmMessage(received: unknown): CheckedMessage {
  const parsed = message.safeParse(received);
  if (parsed.success) return { ok: true, message: parsed.data };
  const issue = parsed.error.issues[0];
  const where = issue === undefined ? '' : issue.path.map(String).join('.');
  return { ok: false, reason: `${where === '' ? 'message' : where}: ${issue?.message ?? 'not a message'}` };
}
