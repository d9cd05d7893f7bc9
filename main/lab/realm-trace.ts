/**
 * The shape of a trace that came out of a realm: every index in range, every table small enough to show. Whether the
 * schedule is true is another question, answered by replaying it (accept-result.ts).
 */
import { z } from 'zod';
import { EFFECT_STRIDE, Effect, OP_NAMES, STEP_STRIDE, StepColumn, type Trace } from '../engine/trace.ts';

/** More steps than any schedule a person could read; a trace of this length weighs 10 MB. */
const MAX_STEPS = 200_000;
const MAX_TABLE = 65_536;

/** One line of text without control characters, as names must be: they go into tables, mails and test output. */
export function line(max: number) {
  return z
    .string()
    .max(max)
    .refine((text) => !hasControl(text), 'must be one line of printable text');
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

const int = z.int32();
const count = z.int32().nonnegative();
const name = line(500);
const table = <T extends z.ZodType>(item: T) => z.array(item).max(MAX_TABLE);

const tables = z.object({
  actors: table(z.object({ name, kind: z.enum(['task', 'irq', 'kthread']) })),
  objects: table(
    z.object({
      name,
      kind: z.enum(['folio', 'page', 'mapping', 'lock', 'mm', 'cpu', 'file', 'user', 'ghost']),
      head: int.min(-1),
      order: int.min(-1).max(30),
    }),
  ),
  words: table(
    z.object({
      name,
      object: count,
      field: name,
      format: z.enum(['int', 'flags', 'page', 'entry', 'bool', 'seq']),
    }),
  ),
  initial: z.instanceof(Int32Array),
  steps: z.instanceof(Int32Array),
  effects: z.instanceof(Int32Array),
  places: table(z.object({ frames: z.array(z.object({ fn: name, line: count, column: count })).max(200) })),
  events: table(
    z.object({ step: count, kind: z.enum(['WARN', 'BUG', 'bad-page', 'note', 'call']), text: z.string().max(2000) }),
  ),
  schedule: line(2_000_000),
  bias: int,
});

/** A trace whose every index points into its own tables. */
export const traceShape: z.ZodType<Trace> = tables.superRefine((trace, context) => {
  const problem = firstProblem(trace);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

function firstProblem(trace: Trace): string | null {
  if (trace.initial.length !== trace.words.length) return 'initial does not hold one value per word';
  if (trace.steps.length % STEP_STRIDE !== 0) return 'steps is not a whole number of steps';
  if (trace.steps.length > MAX_STEPS * STEP_STRIDE) return 'the schedule is too long';
  if (trace.effects.length % EFFECT_STRIDE !== 0) return 'effects is not a whole number of effects';
  if (trace.effects.length > MAX_STEPS * STEP_STRIDE) return 'there are too many effects';
  const objects = trace.objects.length;
  if (trace.objects.some((object) => object.head >= objects)) return 'an object has a head that is not there';
  if (trace.words.some((word) => word.object >= objects)) return 'a word belongs to an object that is not there';
  const steps = trace.steps.length / STEP_STRIDE;
  if (trace.events.some((event) => event.step >= steps)) return 'an event happened at a step that is not there';
  return stepProblem(trace) ?? effectProblem(trace);
}

function stepProblem(trace: Trace): string | null {
  const { steps } = trace;
  const effects = trace.effects.length / EFFECT_STRIDE;
  const column = (at: number, offset: number) => steps[at + offset] ?? -1;
  const within = (value: number, low: number, end: number) => value >= low && value < end;
  for (let at = 0; at < steps.length; at += STEP_STRIDE) {
    const from = column(at, StepColumn.effectsFrom);
    const to = column(at, StepColumn.effectsTo);
    const sound =
      within(column(at, StepColumn.actor), 0, trace.actors.length) &&
      within(column(at, StepColumn.op), 0, OP_NAMES.length) &&
      within(column(at, StepColumn.word), -1, trace.words.length) &&
      within(column(at, StepColumn.place), -1, trace.places.length) &&
      within(from, 0, effects + 1) &&
      within(to, from, effects + 1);
    if (!sound) return `step ${at / STEP_STRIDE} points outside the tables of its trace`;
  }
  return null;
}

function effectProblem(trace: Trace): string | null {
  const { effects } = trace;
  for (let at = 0; at < effects.length; at += EFFECT_STRIDE) {
    const kind = effects[at];
    const x = effects[at + 1] ?? -1;
    const onWord = kind === Effect.add || kind === Effect.set;
    const onActor = kind === Effect.spawn || kind === Effect.done;
    const end = onWord ? trace.words.length : onActor ? trace.actors.length : 0;
    if (x < 0 || x >= end) return `effect ${at / EFFECT_STRIDE} points outside the tables of its trace`;
  }
  return null;
}
