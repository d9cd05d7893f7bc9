/**
 * The headless runner: one Node process a run, without the right to read or write a file, to start a process or to load
 * native code, and with an empty environment. In it, a bare `vm` context holds engine and script, and only text crosses.
 * This limits mistakes, not malice: Node cannot take the network from a script that escapes from `vm`. The window's
 * runner can; use that for notebooks of strangers.
 */
import type { ChildProcess } from 'node:child_process';
import realmText from 'virtual:gupbook-headless-realm-text';
import type { RealmMessage, RunInit } from '../../renderer/runner/protocol.ts';
import { Columns } from '../engine/lower/columns.ts';
import type { ChildMessage } from './headless-job.ts';
import { decodeLine } from './headless-lines.ts';
import { spawnChild, tell } from './headless-process.ts';
import { checkRealmMessage } from './realm-messages.ts';
import type { RunEnd, RunHandle, RunLimits, Runner } from './runner.ts';

/** Time the child has to say where the script is, before it is killed all the same. Milliseconds. */
const ASK = 300;

/** Part of the memory limit that the script's own heap may take; states live in typed arrays beside it. */
const HEAP_SHARE = 0.75;

/** Longest timer that Node has. Milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** @param engine the engine as one script; after its evaluation the realm has a function `__gupbook` (protocol.ts). */
export function headlessRunner(engine: string): Runner {
  const running = new Set<RunHandle>();
  return {
    start(init, limits, onMessage, saved = []) {
      const run = new HeadlessRun(engine, init, limits, onMessage, saved);
      running.add(run);
      void run.ended.then(() => running.delete(run));
      return run;
    },
    close() {
      for (const run of running) run.stop();
    },
  };
}

class HeadlessRun implements RunHandle {
  readonly ended: Promise<RunEnd>;
  readonly #limits: RunLimits;
  /** Leads from the script as it runs to the author's file. */
  readonly #columns: Columns;
  readonly #onMessage: (message: RealmMessage) => void;
  readonly #child: ChildProcess = spawnChild();
  readonly #silence: NodeJS.Timeout;
  readonly #timers: NodeJS.Timeout[];
  readonly #keepsCheckpoints: boolean;
  #settle: (end: RunEnd) => void = () => {};
  #over = false;
  /** Set once the run is to end and the child is asked where the script is. */
  #cut: RunEnd | null = null;
  #received = 0;
  #partialLine = '';
  #errors = '';

  constructor(
    engine: string,
    init: RunInit,
    limits: RunLimits,
    onMessage: (message: RealmMessage) => void,
    saved: readonly string[],
  ) {
    this.#limits = limits;
    this.#onMessage = onMessage;
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#silence = this.#cutAfter(limits.silence, `gave no sign of life for ${seconds(limits.silence)}`);
    this.#timers = [this.#silence, this.#cutAfter(limits.wall, `ran for ${seconds(limits.wall)}`)];
    this.#listen();
    this.#columns = new Columns(init.code);
    this.#keepsCheckpoints = init.checkpoint !== undefined;
    for (const text of saved) tell(this.#child, { saved: text });
    tell(this.#child, {
      realm: realmText,
      engine,
      code: init.code,
      name: init.name,
      init: JSON.stringify(init),
      heap: Math.max(16, Math.round(limits.memory * HEAP_SHARE)),
      memory: limits.memory,
    });
  }

  stop(): void {
    this.#end(ending('stopped', 'Stopped.'));
  }

  #listen(): void {
    const child = this.#child;
    child.on('message', (message: ChildMessage) => {
      if (!this.#over) this.#take(message);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4000);
    });
    child.on('error', (error) => this.#end(ending('crashed', `The runner does not start: ${error.message}`)));
    // After 'exit' the pipes may still hold its last words; 'close' comes when they are empty.
    child.on('close', (code, signal) => this.#end(this.#cut ?? this.#death(signal ?? `status ${code}`)));
  }

  #take(message: ChildMessage): void {
    switch (message.kind) {
      case 'text':
        this.#takeText(message.text);
        break;
      case 'memory':
        this.#cutOff(this.#outOfMemory());
        break;
      case 'where':
        if (this.#cut !== null) this.#end({ ...this.#cut, at: message.at && this.#columns.original(message.at) });
        break;
      case 'fatal':
        this.#onMessage(message);
        this.#end(ending('done', ''));
        break;
      case 'crashed':
        this.#end(ending('crashed', `The runner died: ${message.message}`));
        break;
      case 'end':
        this.#end(ending('protocol', 'The script ended without a verdict.'));
        break;
    }
  }

  #takeText(text: string): void {
    this.#received += text.length;
    if (this.#received > this.#limits.output) {
      this.#end(ending('output-limit', `The script sent more than ${Math.ceil(this.#limits.output / 2 ** 20)} MB.`));
      return;
    }
    const lines = (this.#partialLine + text).split('\n');
    this.#partialLine = lines.pop() ?? '';
    for (const line of lines) if (!this.#over) this.#takeLine(line);
  }

  #takeLine(line: string): void {
    const checked = checkRealmMessage(parse(line));
    if (!checked.ok) {
      this.#end(ending('protocol', `The script's realm sent what is no message (${checked.reason}).`));
      return;
    }
    const { message } = checked;
    if (message.kind === 'saved' || message.kind === 'checkpoint') {
      if (!this.#keepsCheckpoints) return;
      // They go to the disk, and are as large as the search.
      this.#received -= line.length;
    }
    // A loop that prints is still a loop: only the engine's own messages are signs of life.
    if (message.kind !== 'console') this.#silence.refresh();
    this.#onMessage(message);
    if (message.kind === 'done' || message.kind === 'fatal') this.#end(ending('done', ''));
  }

  #cutAfter(limit: number, what: string): NodeJS.Timeout {
    const how = ending('time-limit', `The script ${what}: time limit.`);
    return setTimeout(() => this.#cutOff(how), Math.min(limit * 1000, LONGEST));
  }

  /** Ends the run once the child said where the script is, or could not. */
  #cutOff(how: RunEnd): void {
    if (this.#over || this.#cut !== null) return;
    this.#cut = how;
    this.#timers.push(setTimeout(() => this.#end(how), ASK));
    tell(this.#child, 'where');
  }

  #end(how: RunEnd): void {
    if (this.#over) return;
    this.#over = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#child.kill('SIGKILL');
    this.#settle(how);
  }

  #outOfMemory(): RunEnd {
    return ending('memory-limit', `The script took more than ${this.#limits.memory} MB: out of memory.`);
  }

  #death(how: string): RunEnd {
    if (this.#errors.includes('heap out of memory')) return this.#outOfMemory();
    const words = this.#errors.trim().split('\n').at(-1) ?? '';
    return ending('crashed', `The runner died (${how}). ${words}`.trim());
  }
}

function parse(line: string): unknown {
  try {
    return decodeLine(line);
  } catch {
    return null;
  }
}

function ending(kind: RunEnd['kind'], message: string): RunEnd {
  return { kind, message, at: null };
}

function seconds(count: number): string {
  return `${count} second${count === 1 ? '' : 's'}`;
}
