/** `gupbook merge`: joins the results of shares into those of the whole run, byte for byte. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { fileTrouble } from '../lab/file-trouble.ts';
import { InputError, shown } from '../lab/input-error.ts';
import { type Command, readArguments, usage } from './command.ts';
import type { Io } from './io.ts';
import { writeOutput } from './output.ts';
import { statusOf } from './status.ts';

const HELP = `Usage: gupbook merge FILE... [-o FILE]

Joins what "gupbook run --json" wrote for shares of the work ("--shard K/N"). When
all shares are there, the result is the same as that of "gupbook run --reproducible
--json", byte for byte. Results of runs that were no shares stand in the order of
the files.

  parallel gupbook run scenarios --shard {}/4 --json {}.json ::: 1 2 3 4
  gupbook merge 1.json 2.json 3.json 4.json -o all.json

Options:
  -o, --output FILE  write there; "-", the default, is standard output

Exit status: that of "gupbook run" for all results together; 2 bad usage or input,
or a share that is missing.`;

export const merge: Command = {
  name: 'merge',
  summary: 'join the results of shares ("run --shard")',
  help: HELP,
  run: perform,
};

const resultShape = z.object({
  file: z.string(),
  experiment: z.string(),
  kernel: z.string(),
  verdict: z.enum(['pass', 'fail', 'inconclusive', 'not-applicable', 'error']),
  expected: z.enum(['pass', 'fail', 'inconclusive', 'not-applicable', 'error']).nullable(),
  asExpected: z.boolean(),
});
type Result = z.infer<typeof resultShape>;

/** A result as it stands in the file: what else is in it is kept, in its order. */
const result = z.custom<Result>((one) => resultShape.safeParse(one).success, 'a result lacks something');

const runShape = z
  .object({
    gupbook: z.string(),
    shard: z.object({ index: z.number().int(), count: z.number().int(), places: z.array(z.number().int()) }).optional(),
    results: z.array(result),
  })
  .refine(({ shard, results }) => shard === undefined || shard.places.length === results.length);

/** A file of results. */
interface Part extends z.infer<typeof runShape> {
  readonly name: string;
}

async function perform(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments('merge', argv, { output: { type: 'string', short: 'o' } });
  if (positionals.length === 0) throw usage('merge', 'name the files to join');
  const parts = await Promise.all(positionals.map((name) => readPart(name, io)));
  const [first] = parts;
  const other = parts.find(({ gupbook }) => gupbook !== first?.gupbook);
  if (other !== undefined)
    throw new InputError(`${other.name} is of Gupbook ${other.gupbook}, ${first?.name} of ${first?.gupbook}`);
  requireAllShares(parts);
  const results = inOrder(parts);
  await writeOutput(values.output ?? '-', `${JSON.stringify({ gupbook: first?.gupbook, results })}\n`, io);
  return statusOf(results);
}

async function readPart(name: string, io: Io): Promise<Part> {
  const text = await readFile(resolve(io.cwd, name), 'utf8').catch((error: unknown) => {
    throw fileTrouble('read', name, error);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(`${name} is no JSON: name files that "gupbook run --json" wrote`);
  }
  const run = runShape.safeParse(value);
  if (run.success) return { ...run.data, name };
  throw new InputError(`${name} holds no results of "gupbook run --json": ${run.error.issues[0]?.message ?? 'no run'}`);
}

/** InputError unless the shares among the parts are all of one run, each once. */
function requireAllShares(parts: readonly Part[]): void {
  const shares = parts.flatMap(({ name, shard }) => (shard === undefined ? [] : [{ name, ...shard }]));
  const [first] = shares;
  if (first === undefined) return;
  const whole = parts.find(({ shard }) => shard === undefined);
  if (whole !== undefined)
    throw new InputError(`${whole.name} is no share, but ${first.name} is one of ${first.count}`);
  const seen = new Map<number, string>();
  for (const { name, index, count } of shares) {
    if (count !== first.count)
      throw new InputError(`${name} is a share of ${count}, ${first.name} one of ${first.count}`);
    const same = seen.get(index);
    if (same !== undefined) throw new InputError(`${name} and ${same} are both share ${index}/${count}`);
    seen.set(index, name);
  }
  for (let index = 1; index <= first.count; index++) {
    if (!seen.has(index)) throw new InputError(`share ${index}/${first.count} is missing`);
  }
}

/** Results in the order of the whole run. A notebook that did not run is told of by every share. */
function inOrder(parts: readonly Part[]): Result[] {
  const placed = parts.flatMap(({ name, shard, results }) =>
    results.map((result, i) => ({ name, result, place: shard?.places[i] ?? 0, isShare: shard !== undefined })),
  );
  const seen = new Map<string, string>();
  return placed
    .sort((a, b) => a.place - b.place)
    .filter(({ name, result, isShare }) => {
      const { file, experiment, kernel } = result;
      const key = JSON.stringify([file, experiment, kernel]);
      const before = seen.get(key);
      seen.set(key, name);
      if (before !== undefined && !isShare)
        throw new InputError(`${name} and ${before} both have ${shown(experiment)} of ${file} under ${kernel}`);
      return before === undefined;
    })
    .map(({ result }) => result);
}
