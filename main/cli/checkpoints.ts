/**
 * Checkpoints of long searches in a folder, so that the same command goes on where it was killed. For each notebook there
 * is a folder whose name tells its text, the program's version and the budget; in it, for each experiment and kernel, a
 * record that is only added to and a head that says how much of it counts, or the result. A head is written whole under
 * another name first and comes into place in one step: whatever moment a process is killed at, what is there can be used.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { ExperimentResult } from '../engine/result.ts';
import { ENGINE_VERSION } from '../engine/version.ts';
import { fileTrouble } from '../lab/file-trouble.ts';
import { decodeLine, lineEncoder } from '../lab/headless-lines.ts';
import { checkRealmMessage } from '../lab/realm-messages.ts';
import type { CheckpointInit, CheckpointMessage, Pair, RealmMessage } from '../lab/runner.ts';
import type { Notebook } from './notebook.ts';
import type { Unit } from './units.ts';
import { VERSION } from './version.ts';

/** Bytes of a record that become one text: a multiple of 12, so that its base64 needs no filling. */
const TEXT_BYTES = 360_000;

const headShape = z.object({
  experiment: z.string(),
  kernel: z.string(),
  line: z.number(),
  /** Name of the record, and how many of its bytes count. */
  record: z.string().regex(/^[\w.-]+$/),
  bytes: z.number().int().nonnegative(),
  head: z.string(),
});
type HeadFile = z.infer<typeof headShape>;

/** What a process is told of checkpoints. */
export interface Beginning {
  readonly init: CheckpointInit;
  readonly saved: readonly string[];
  /** Results that are there already. */
  readonly results: readonly ExperimentResult[];
}

/** A record that is written to. */
interface Open {
  readonly file: number;
  readonly name: string;
  bytes: number;
}

/** Checkpoints of one run of the command line. */
export class Checkpoints {
  private readonly folder: string;
  private readonly every: number;
  private readonly settings: unknown;
  private readonly notebooks = new Map<Notebook, NotebookCheckpoints>();

  /** @param settings whatever else a result depends on. InputError where the folder cannot be made. */
  constructor(folder: string, every: number, settings: unknown) {
    this.folder = folder;
    this.every = every;
    this.settings = settings;
    try {
      mkdirSync(folder, { recursive: true });
    } catch (error) {
      throw fileTrouble('save', folder, error);
    }
  }

  of(notebook: Notebook): NotebookCheckpoints {
    let found = this.notebooks.get(notebook);
    if (found === undefined) {
      const what = JSON.stringify([VERSION, ENGINE_VERSION, notebook.sha256, this.settings]);
      const hash = createHash('sha256').update(what).digest('hex').slice(0, 16);
      found = new NotebookCheckpoints(join(this.folder, `${basename(notebook.path)}-${hash}`), this.every);
      this.notebooks.set(notebook, found);
    }
    return found;
  }

  /** These results were written elsewhere: nothing is needed of them any more. */
  finish(runs: readonly { readonly notebook: Notebook; readonly results: readonly ExperimentResult[] }[]): void {
    for (const { notebook, results } of runs) this.notebooks.get(notebook)?.finish(results);
    removeEmpty(this.folder);
  }
}

export class NotebookCheckpoints {
  private readonly folder: string;
  private readonly every: number;
  private readonly open = new Map<string, Open>();

  constructor(folder: string, every: number) {
    this.folder = folder;
    this.every = every;
    mkdirSync(folder, { recursive: true });
  }

  /** Where a unit's experiments were left. */
  begin({ kernels, lines }: Unit): Beginning {
    const names = readdirSync(this.folder);
    const isOurs = (kernel: string, line: number): boolean =>
      (kernels === null || kernels.includes(kernel)) && (lines === null || lines.includes(line));
    const results = names.filter((name) => name.endsWith('.result')).flatMap((name) => this.result(name) ?? []);
    const done = results.filter(({ kernel, line }) => isOurs(kernel, line));
    const heads = names
      .filter((name) => name.endsWith('.head'))
      .flatMap((name) => this.head(name) ?? [])
      .filter(({ kernel, line }) => isOurs(kernel, line));
    const resume = heads.map((head) => ({ head, texts: this.texts(head) }));
    return {
      init: {
        every: this.every,
        done: done.map(({ experiment, kernel }) => ({ experiment, kernel })),
        resume: resume.map(({ head: { experiment, kernel, head }, texts }) => ({
          experiment,
          kernel,
          head,
          texts: texts.length,
        })),
      },
      saved: resume.flatMap(({ texts }) => texts),
      results: done,
    };
  }

  /** What takes the messages of one process. */
  taker(): (message: RealmMessage) => void {
    let parts: Buffer[] = [];
    let head = '';
    return (message) => {
      if (message.kind === 'saved') {
        if (message.part === 'head') head += message.text;
        else parts.push(Buffer.from(message.text, 'base64'));
      } else if (message.kind === 'checkpoint') {
        this.save(message, Buffer.concat(parts), head);
        parts = [];
        head = '';
      } else if (message.kind === 'result') this.finishOne(message.result);
    };
  }

  finish(results: readonly ExperimentResult[]): void {
    for (const result of results) rmSync(join(this.folder, `${idOf(result)}.result`), { force: true });
    removeEmpty(this.folder);
  }

  // --- the disk ----------------------------------------------------------------------------------------------------

  private save({ experiment, kernel, line, fresh }: CheckpointMessage, added: Buffer, head: string): void {
    const id = idOf({ experiment, kernel });
    const before = this.open.get(id);
    const record = fresh ? this.newRecord(id) : before;
    if (record === undefined) return;
    for (let at = 0; at < added.length; ) at += writeSync(record.file, added, at, added.length - at, record.bytes + at);
    fdatasyncSync(record.file);
    record.bytes += added.length;
    const file: HeadFile = { experiment, kernel, line, record: record.name, bytes: record.bytes, head };
    this.replace(`${id}.head`, JSON.stringify(file));
    if (before !== undefined && before !== record) this.remove(before);
  }

  private newRecord(id: string): Open {
    let n = 1;
    while (existsSync(join(this.folder, `${id}.${n}.record`))) n++;
    const name = `${id}.${n}.record`;
    const record = { file: openSync(join(this.folder, name), 'w'), name, bytes: 0 };
    this.open.set(id, record);
    return record;
  }

  private replace(name: string, text: string): void {
    const next = join(this.folder, `${name}.next`);
    const file = openSync(next, 'w');
    writeSync(file, text);
    fdatasyncSync(file);
    closeSync(file);
    renameSync(next, join(this.folder, name));
  }

  private remove({ file, name }: Open): void {
    closeSync(file);
    rmSync(join(this.folder, name), { force: true });
  }

  private finishOne(result: ExperimentResult): void {
    const id = idOf(result);
    this.replace(`${id}.result`, lineEncoder()({ kind: 'result', result }));
    rmSync(join(this.folder, `${id}.head`), { force: true });
    const record = this.open.get(id);
    if (record !== undefined) this.remove(record);
    this.open.delete(id);
    for (const name of readdirSync(this.folder)) {
      if (name.startsWith(`${id}.`) && name.endsWith('.record')) rmSync(join(this.folder, name), { force: true });
    }
  }

  private result(name: string): ExperimentResult | null {
    try {
      const checked = checkRealmMessage(decodeLine(readFileSync(join(this.folder, name), 'utf8')));
      return checked.ok && checked.message.kind === 'result' ? checked.message.result : null;
    } catch {
      // Unreadable: it is searched again.
      return null;
    }
  }

  private head(name: string): HeadFile | null {
    try {
      return headShape.parse(JSON.parse(readFileSync(join(this.folder, name), 'utf8')));
    } catch {
      return null;
    }
  }

  /** A record as texts. What stands behind its end was being written when the process was killed. */
  private texts(head: HeadFile): string[] {
    try {
      const path = join(this.folder, head.record);
      const bytes = readFileSync(path).subarray(0, head.bytes);
      const file = openSync(path, 'r+');
      ftruncateSync(file, head.bytes);
      this.open.set(idOf(head), { file, name: head.record, bytes: head.bytes });
      const texts: string[] = [];
      for (let at = 0; at < bytes.length; at += TEXT_BYTES)
        texts.push(bytes.subarray(at, at + TEXT_BYTES).toString('base64'));
      return texts;
    } catch {
      // A record that is gone fits no head: its search begins anew.
      return [];
    }
  }
}

function idOf({ experiment, kernel }: Pair): string {
  return createHash('sha256').update(`${experiment}\0${kernel}`).digest('hex').slice(0, 24);
}

/** Takes a folder away if nothing is left in it. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something else is in it.
  }
}
