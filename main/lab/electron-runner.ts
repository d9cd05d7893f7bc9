/**
 * The application's runner: each run in a sandboxed renderer process of its own, started ahead of time so that a run
 * begins, and the window is ready again after a stop, without waiting. See electron-realm.ts for the process.
 */
import { randomUUID } from 'node:crypto';
import { app, MessageChannelMain } from 'electron';
import { type RealmMessage, type RunInit, SCRIPT_WRAPPER } from '../../renderer/runner/protocol.ts';
import { Columns } from '../engine/lower/columns.ts';
import { whereabouts } from './electron-locate.ts';
import { HEAP_MEGABYTES, type Realm, type RealmParts, Realms } from './electron-realm.ts';
import { checkRealmMessage } from './realm-messages.ts';
import type { RunEnd, RunHandle, RunLimits, Runner } from './runner.ts';

/** How often the memory of a running process is read, in milliseconds: it can grow by 2 MB in one. */
const MEMORY_POLL = 50;
/** The port of a process that ran out of memory closes before its exit code is known. Milliseconds. */
const EXIT_GRACE = 150;
/** V8 ends a process that is out of memory with this code (SIGTRAP). */
const EXIT_OUT_OF_MEMORY = 5;

export interface ElectronRunner extends Runner {
  /** Resolves when a process is waiting for the next run. */
  ready(): Promise<void>;
}

export function electronRunner(parts: RealmParts): ElectronRunner {
  const realms = new Realms(parts);
  const handles = new Set<RunHandle>();
  let closed = false;
  let spare: Promise<Realm> | null = null;
  const warm = () => {
    spare ??= realms.start();
    return spare;
  };
  const take = async () => {
    const waiting = warm();
    spare = null;
    const realm = await waiting.catch(() => null);
    if (realm !== null && realms.isAlive(realm)) return realm;
    // It could not start then, or the system has ended it since: another, and where that cannot start, the run says why.
    if (realm !== null) realms.kill(realm);
    return realms.start();
  };
  return {
    start(init, limits, onMessage) {
      const run = new ElectronRun(realms, init, limits, onMessage);
      const handle = follow(run, take());
      handles.add(handle);
      void handle.ended.then(() => handles.delete(handle));
      // The next one warms while this one runs.
      if (!closed) warm().catch(() => {});
      return handle;
    },
    async ready() {
      // A window made while the application ends would keep it from ending.
      if (!closed) await warm();
    },
    close() {
      closed = true;
      for (const handle of handles) handle.stop();
      void spare?.then(
        (realm) => realms.kill(realm),
        () => {},
      );
      spare = null;
    },
  };
}

/** Begins the run when its process is there. */
function follow(run: ElectronRun, starting: Promise<Realm>): RunHandle {
  starting.then(
    (realm) => run.begin(realm),
    (failed: unknown) => run.end('crashed', `The runner does not start: ${sentence(failed)}.`),
  );
  return { ended: run.ended, stop: () => run.end('stopped', 'Stopped.') };
}

/** What a run knows of itself while it goes on. Ends once; the process is dead before `ended` settles. */
class ElectronRun {
  readonly ended: Promise<RunEnd>;
  #settle: (end: RunEnd) => void = () => {};
  #over = false;
  #cut = false;
  #realm: Realm | null = null;
  #silence: NodeJS.Timeout | null = null;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #nonce = randomUUID();
  readonly #realms: Realms;
  readonly #init: RunInit;
  readonly #limits: RunLimits;
  readonly #onMessage: (message: RealmMessage) => void;

  constructor(realms: Realms, init: RunInit, limits: RunLimits, onMessage: (message: RealmMessage) => void) {
    this.#realms = realms;
    this.#init = init;
    this.#limits = limits;
    this.#onMessage = onMessage;
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  begin(realm: Realm): void {
    if (this.#over) {
      this.#realms.kill(realm);
      return;
    }
    this.#realm = realm;
    const { port1: port, port2 } = new MessageChannelMain();
    port.on('message', ({ data }) => this.#take(data));
    port.on('close', () => setTimeout(() => this.end('crashed', 'The process of the script ended.'), EXIT_GRACE));
    port.start();
    // The engine itself failed, or the script broke out of it: nothing more will come.
    realm.control.on('message', ({ data }) => this.end('crashed', `The engine failed: ${broken(data)}.`));
    realm.window.webContents.on('render-process-gone', (_event, { exitCode, reason }) => this.#gone(exitCode, reason));
    realm.window.on('closed', () => this.end('crashed', 'The process of the script ended.'));
    this.#watch(realm);
    const init = { run: this.#init, nonce: this.#nonce, bytes: this.#limits.output };
    realm.control.postMessage({ op: 'run', init }, [port2]);
  }

  end(kind: RunEnd['kind'], message: string, at: RunEnd['at'] = null): void {
    if (this.#over) return;
    this.#over = true;
    for (const timer of this.#timers) clearTimeout(timer);
    if (this.#silence !== null) clearTimeout(this.#silence);
    if (this.#realm !== null) this.#realms.kill(this.#realm);
    this.#settle({ kind, message, at });
  }

  #take(data: unknown): void {
    const message = this.#over ? null : this.#read(data);
    if (message === null) return;
    // A loop that prints is still a loop: only the engine's own messages are signs of life.
    if (message.kind !== 'console') this.#silence?.refresh();
    this.#onMessage(message);
    if (message.kind === 'done' || message.kind === 'fatal') this.end('done', '');
  }

  /** The message in what came over the port; null, and the run ended, where there is none. */
  #read(data: unknown): RealmMessage | null {
    const wire = typeof data === 'object' && data !== null ? data : {};
    if (!('nonce' in wire) || wire.nonce !== this.#nonce) {
      this.end('protocol', 'The script sent something that is no message of the engine.');
    } else if ('overflow' in wire) {
      this.end('output-limit', `The script sent more than ${Math.round(this.#limits.output / 2 ** 20)} MB.`);
    } else {
      const checked = checkRealmMessage('message' in wire ? wire.message : null);
      if (checked.ok) return checked.message;
      this.end('protocol', `What the script sent is no result of the engine (${checked.reason}).`);
    }
    return null;
  }

  #watch({ pid }: Realm): void {
    const { silence, wall, memory } = this.#limits;
    const held = () => megabytes(pid);
    this.#silence = setTimeout(() => {
      void this.#cutOff(
        `The script gave no sign of life for ${silence} s and was ended; it held ${held()} MB of memory.`,
      );
    }, silence * 1000);
    this.#timers.push(
      setTimeout(() => void this.#cutOff(`The run took more than ${wall} s and was ended.`), wall * 1000),
      setInterval(() => {
        if (held() > memory)
          this.end('memory-limit', `The script took more than ${memory} MB of memory and was ended.`);
      }, MEMORY_POLL),
    );
  }

  /** Ends the run for its length, after asking where the script is. */
  async #cutOff(message: string): Promise<void> {
    if (this.#over || this.#cut || this.#realm === null) return;
    this.#cut = true;
    const at = await whereabouts(this.#realm.window.webContents, this.#init.name, SCRIPT_WRAPPER.length);
    this.end('time-limit', message, at && new Columns(this.#init.code).original(at));
  }

  #gone(exitCode: number, reason: string): void {
    if (exitCode === EXIT_OUT_OF_MEMORY || reason === 'oom') {
      this.end('memory-limit', `The script ran out of memory: its heap may hold ${HEAP_MEGABYTES} MB.`);
    } else this.end('crashed', `The process of the script ended (${reason}, ${exitCode}).`);
  }
}

/** Resident memory of a process. */
function megabytes(pid: number): number {
  const kilobytes = app.getAppMetrics().find((metric) => metric.pid === pid)?.memory.workingSetSize ?? 0;
  return Math.round(kilobytes / 1024);
}

/** What the page says of a worker that failed. */
function broken(data: unknown): string {
  return typeof data === 'object' && data !== null && 'broken' in data ? sentence(data.broken) : 'its page is not ours';
}

function sentence(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.message : String(thrown)).replace(/\.$/, '');
}
