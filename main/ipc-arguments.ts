/**
 * What the arguments of each request must look like. The window is ours, but it shows strangers' text: whatever comes
 * from it is rebuilt here field by field, sizes bounded, before a handler sees it.
 */
import { z } from 'zod';
import { type Outcome, REPORT_FORMATS, type RequestChannel, type Requests } from '../preload/contract.ts';
import { MAX_FILE_BYTES } from './lab/read-file.ts';
import { preferencesShape } from './preferences.ts';
import { problem } from './problem.ts';

/** A notebook's text. No character takes less than a byte, so nothing that can be opened is too long to be saved. */
const text = z.string().max(MAX_FILE_BYTES);
/** PATH_MAX is 4096 bytes; NUL ends a path for the kernel. */
const path = z
  .string()
  .min(1)
  .max(4096)
  .refine((value) => !value.includes('\0'), 'must not hold a NUL');
const name = z.string().max(500);
const id = z.int32().positive();
const kernel = z.string().max(100);
const kernels = z.array(kernel).max(1000).nullable();
/** A page frame number: physical addresses have at most 64 bits. */
const frame = z
  .number()
  .int()
  .nonnegative()
  .max(2 ** 52);

const budget = z.object({ states: z.number().int().positive().max(1e9), seconds: z.number().positive().max(86_400) });

const runRequest = z.object({
  notebookId: id,
  path: path.nullable(),
  text,
  cells: z.array(z.int32().nonnegative()).max(100_000).nullable(),
  kernels,
  budget,
  question: name.optional(),
});

const replayRequest = z.object({
  path: path.nullable(),
  text,
  experiment: name,
  line: z.int32().nonnegative(),
  kernel,
  schedule: z.string().max(2_000_000),
});

const reportRequest = z.object({
  runId: id,
  format: z.enum(REPORT_FORMATS),
  experiments: z.array(name).max(10_000).nullable(),
  kernels,
  inReplyTo: z
    .string()
    .max(2 ** 20)
    .nullable(),
});

const sections = z.object({
  table: z.boolean(),
  states: z.boolean(),
  checks: z.boolean(),
  replay: z.boolean(),
  scenario: z.boolean(),
});

const mailRequest = z.object({
  runId: id,
  format: z.enum(['reply', 'mbox']),
  experiments: z.array(name).max(10_000).nullable(),
  kernels,
  mailId: id.nullable(),
  quote: z.array(z.int32().nonnegative()).max(100_000),
  comment: z.string().max(2 ** 20),
  layout: z.enum(['finding', 'series']),
  sections,
  file: z.string().max(4096),
});

/** Takes whatever came, gives arguments of the right shape or says what is wrong with them. */
type Check<T> = (args: readonly unknown[]) => Outcome<T>;

const checks: { readonly [C in RequestChannel]: Check<Parameters<Requests[C]>> } = {
  'app:info': check(z.tuple([])),
  'notebook:open-dialog': check(z.tuple([])),
  'notebook:open': check(z.tuple([path])),
  'notebook:save': check(z.tuple([id, path, text])),
  'notebook:save-dialog': check(z.tuple([id, z.string().max(4096), text])),
  'notebook:journal': check(z.tuple([id, text])),
  'notebook:analyse': check(z.tuple([text])),
  'notebook:last': check(z.tuple([])),
  'run:start': check(z.tuple([runRequest])),
  'run:stop': check(z.tuple([id])),
  'run:replay': check(z.tuple([replayRequest])),
  'run:list': check(z.tuple([id])),
  'run:get': check(z.tuple([id])),
  'run:pin': check(z.tuple([id, z.boolean()])),
  'run:delete': check(z.tuple([id])),
  'notebook:revisions': check(z.tuple([id])),
  'notebook:revision-text': check(z.tuple([z.string().regex(/^[0-9a-f]{64}$/)])),
  'store:storage': check(z.tuple([])),
  'store:prune': check(z.tuple([z.int32().nonnegative(), z.number().nonnegative().max(100_000)])),
  'store:search': check(z.tuple([name])),
  'report:text': check(z.tuple([reportRequest])),
  'report:save-dialog': check(z.tuple([z.string().max(4096), text])),
  'mail:read': check(z.tuple([text])),
  'mail:open-dialog': check(z.tuple([])),
  'mail:compose': check(z.tuple([mailRequest])),
  'mail:notebook': check(z.tuple([id, z.int32().nonnegative()])),
  'decode:text': check(z.tuple([text])),
  'decode:open-dialog': check(z.tuple([])),
  'decode:stop': check(z.tuple([])),
  'decode:page': check(z.tuple([id, frame, kernel.nullable()])),
  'decode:cell': check(z.tuple([id, frame, kernel])),
  'clipboard:write': check(z.tuple([text])),
  'preferences:set': check(z.tuple([preferencesShape])),
  'theme:set': check(z.tuple([z.enum(['system', 'dark', 'light', 'contrast'])])),
  'window:close': check(z.tuple([])),
};

/** The arguments of a request, checked; else a problem that says which one is wrong. */
export function argumentsOf<C extends RequestChannel>(
  channel: C,
  args: readonly unknown[],
): Outcome<Parameters<Requests[C]>> {
  return checks[channel](args);
}

function check<T>(shape: z.ZodType<T>): Check<T> {
  return (args) => {
    const parsed = shape.safeParse(args);
    if (parsed.success) return { ok: true, value: parsed.data };
    const [issue] = parsed.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? '' : ` (${issue.path.map(String).join('.')})`;
    return problem(`The window asked with arguments that are not taken${where}: ${issue?.message ?? 'unknown'}.`);
  };
}
