/** What main and the decoding process say to each other. Both sides rebuild what comes, field by field. */
import { z } from 'zod';
import type { Decoded, TracePage } from '../preload/contract.ts';

export const decodeRequest = z.discriminatedUnion('what', [
  z.object({ what: z.literal('text'), n: z.number(), text: z.string() }),
  z.object({ what: z.literal('file'), n: z.number(), path: z.string(), name: z.string() }),
  /** Ends the reading of a file; what was read until then is its answer. */
  z.object({ what: z.literal('stop'), n: z.number() }),
  z.object({
    what: z.literal('page'),
    n: z.number(),
    decodedId: z.number(),
    pfn: z.number(),
    kernel: z.string().nullable(),
  }),
  z.object({ what: z.literal('cell'), n: z.number(), decodedId: z.number(), pfn: z.number(), kernel: z.string() }),
]);
export type DecodeRequest = z.infer<typeof decodeRequest>;

const texts = z.array(z.string());

const decoded: z.ZodType<Decoded> = z.object({
  decodedId: z.number(),
  source: z.string(),
  cards: z.array(
    z.object({
      title: z.string(),
      count: z.string(),
      lines: texts,
      odd: texts,
      see: z.array(z.object({ file: z.string(), experiment: z.string() })),
    }),
  ),
  others: texts,
  unread: texts,
  trace: z
    .object({
      summary: z.string(),
      pages: z.array(z.object({ pfn: z.number(), text: z.string(), suspicions: texts })),
    })
    .nullable(),
});

const tracePage: z.ZodType<TracePage> = z.object({
  pfn: z.number(),
  kernel: z.string(),
  guessed: texts,
  before: z.number(),
  line: z.instanceof(Float64Array),
  time: z.instanceof(Float64Array),
  task: z.instanceof(Uint32Array),
  op: z.instanceof(Uint8Array),
  val: z.instanceof(Int32Array),
  ret: z.instanceof(Int32Array),
  after: z.instanceof(Int32Array),
  call: z.instanceof(Int32Array),
  tasks: texts,
  ops: texts,
  calls: texts,
  odd: z.array(z.object({ row: z.number(), text: z.string() })),
  said: texts,
});

export const decodeReply = z.discriminatedUnion('what', [
  z.object({ what: z.literal('decoded'), n: z.number(), value: decoded }),
  z.object({ what: z.literal('page'), n: z.number(), value: tracePage }),
  z.object({ what: z.literal('cell'), n: z.number(), value: z.string() }),
  z.object({ what: z.literal('problem'), n: z.number(), message: z.string() }),
  /** On the way to an answer, a few times a second. `total` is null where the file does not say how large it is. */
  z.object({
    what: z.literal('progress'),
    n: z.number(),
    bytes: z.number(),
    total: z.number().nullable(),
    events: z.number(),
  }),
]);
export type DecodeReply = z.infer<typeof decodeReply>;
