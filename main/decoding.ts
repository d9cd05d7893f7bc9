/** Main's side of decoding: starts the process that reads, hands it questions, and starts another if it dies. */
import { basename } from 'node:path';
import { type UtilityProcess, utilityProcess } from 'electron';
import type { Decoded, DecodeProgress, Outcome, TracePage } from '../preload/contract.ts';
import { type DecodeReply, type DecodeRequest, decodeReply } from './decode-messages.ts';
import type { Dialogs } from './notebooks.ts';
import { fine, problem } from './problem.ts';

type Asked = DecodeRequest extends infer R ? (R extends { readonly n: number } ? Omit<R, 'n'> : never) : never;

/** Megabytes of heap: an index is on disk, what is shown of it is not much. */
const HEAP = 1024;

export class Decoding {
  readonly #script: string;
  readonly #dialogs: Pick<Dialogs, 'chooseRecording'>;
  readonly #tell: (progress: DecodeProgress) => void;
  readonly #waiting = new Map<number, (reply: DecodeReply) => void>();
  #process: UtilityProcess | null = null;
  #asked = 0;

  /** `script`: the built decode-process; `tell` hears a few times a second how far a file is read. */
  constructor(script: string, dialogs: Pick<Dialogs, 'chooseRecording'>, tell: (progress: DecodeProgress) => void) {
    this.#script = script;
    this.#dialogs = dialogs;
    this.#tell = tell;
  }

  text(text: string): Promise<Outcome<Decoded>> {
    return this.#decoded({ what: 'text', text });
  }

  async openDialog(): Promise<Outcome<Decoded | null>> {
    const path = await this.#dialogs.chooseRecording();
    return path === null ? fine(null) : await this.#decoded({ what: 'file', path, name: basename(path) });
  }

  /** Ends the reading of a file; what was read until then is shown. */
  stop(): void {
    this.#process?.postMessage({ what: 'stop', n: 0 });
  }

  async page(decodedId: number, pfn: number, kernel: string | null): Promise<Outcome<TracePage>> {
    const reply = await this.#ask({ what: 'page', decodedId, pfn, kernel });
    return reply.what === 'page' ? fine(reply.value) : unexpected(reply);
  }

  async cell(decodedId: number, pfn: number, kernel: string): Promise<Outcome<{ readonly text: string }>> {
    const reply = await this.#ask({ what: 'cell', decodedId, pfn, kernel });
    return reply.what === 'cell' ? fine({ text: reply.value }) : unexpected(reply);
  }

  close(): void {
    this.#process?.kill();
    this.#process = null;
  }

  async #decoded(asked: Asked): Promise<Outcome<Decoded>> {
    const reply = await this.#ask(asked);
    return reply.what === 'decoded' ? fine(reply.value) : unexpected(reply);
  }

  #ask(asked: Asked): Promise<DecodeReply> {
    const n = ++this.#asked;
    const process = this.#running();
    return new Promise((resolve) => {
      this.#waiting.set(n, resolve);
      process.postMessage({ ...asked, n });
    });
  }

  #running(): UtilityProcess {
    if (this.#process !== null) return this.#process;
    const started = utilityProcess.fork(this.#script, [], {
      serviceName: 'Gupbook decoder',
      execArgv: [`--max-old-space-size=${HEAP}`],
      stdio: 'ignore',
      env: {},
    });
    started.on('message', (message: unknown) => {
      const parsed = decodeReply.safeParse(message);
      if (parsed.success) this.#answered(parsed.data);
    });
    started.once('exit', () => {
      if (this.#process === started) this.#process = null;
      for (const n of [...this.#waiting.keys()]) {
        this.#answered({ what: 'problem', n, message: 'Reading the text ended its process: try a part of it.' });
      }
    });
    this.#process = started;
    return started;
  }

  #answered(reply: DecodeReply): void {
    if (reply.what === 'progress') {
      this.#tell({ bytes: reply.bytes, total: reply.total, events: reply.events });
      return;
    }
    const waiting = this.#waiting.get(reply.n);
    this.#waiting.delete(reply.n);
    waiting?.(reply);
  }
}

function unexpected(reply: DecodeReply): ReturnType<typeof problem> {
  return problem(reply.what === 'problem' ? reply.message : 'The decoding process answered another question.');
}
