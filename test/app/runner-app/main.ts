/**
 * A small Electron application around the real runner: the real processes, pages and workers, with an engine that only
 * evaluates what it is given. Tests drive it through `globalThis.runnerApp`.
 */
import { join } from 'node:path';
import engineText from 'virtual:gupbook-engine-text';
import hostText from 'virtual:gupbook-host-text';
import workerText from 'virtual:gupbook-worker-text';
import { app, protocol } from 'electron';
import { RUNNER_PRIVILEGES } from '../../../main/lab/electron-realm.ts';
import { type ElectronRunner, electronRunner } from '../../../main/lab/electron-runner.ts';
import { DEFAULT_LIMITS, type RunEnd, type RunHandle, type RunLimits } from '../../../main/lab/runner.ts';
import { lockApplication } from '../../../main/lock.ts';
import type { RealmMessage, RunInit } from '../../../renderer/runner/protocol.ts';
import { outcomeOf } from '../../escape/outcome.ts';
import { BARE_WORKER, ENGINE } from './engines.ts';

/** What became of a run. Times in milliseconds. */
export interface Ran {
  readonly end: RunEnd;
  readonly messages: readonly RealmMessage[];
  /** From start() to the end. */
  readonly took: number;
}

/** Which of the runners. */
export type Kind = 'real' | 'hardened' | 'bare';

/** What became of a run that was stopped. Times in milliseconds, from the call of stop(). */
export interface Stopped {
  readonly end: RunEnd;
  /** Until the run was over. */
  readonly over: number;
  /** Until its process was gone. */
  readonly dead: number;
  /** Until the next process waited for a run. */
  readonly ready: number;
}

export class RunnerApp {
  /**
   * `real` is the product's, with the engine; `hardened` has the product's worker and an engine that only evaluates;
   * `bare` leaves every global there, so that only the page's policy is in the way.
   */
  readonly #runners: Record<Kind, ElectronRunner>;

  constructor() {
    const preload = join(app.getAppPath(), 'preload.cjs');
    this.#runners = {
      real: electronRunner({ host: hostText, worker: workerText, engine: engineText, preload }),
      hardened: electronRunner({ host: hostText, worker: workerText, engine: ENGINE, preload }),
      bare: electronRunner({ host: hostText, worker: BARE_WORKER, engine: '', preload }),
    };
  }

  ready(kind: Kind): Promise<void> {
    return this.#runners[kind].ready();
  }

  async run(kind: Kind, code: string, limits: Partial<RunLimits> = {}): Promise<Ran> {
    const messages: RealmMessage[] = [];
    const from = performance.now();
    const { ended } = this.#start(kind, code, limits, (message) => messages.push(message));
    const end = await ended;
    return { end, messages, took: performance.now() - from };
  }

  /** What comes of a hostile notebook, in the product's own runner. */
  outcome(code: string, limits: Partial<RunLimits>): Promise<string> {
    return outcomeOf(code, async (init: RunInit) => {
      const messages: RealmMessage[] = [];
      const given = { ...DEFAULT_LIMITS, ...limits };
      const { ended } = this.#runners.real.start(init, given, (message) => messages.push(message));
      return { end: await ended, messages };
    });
  }

  /** Starts `code`, waits until it says something, and stops it `after` so many milliseconds. */
  async stop(code: string, after: number): Promise<Stopped> {
    const runner = this.#runners.hardened;
    const pids = () => new Set(app.getAppMetrics().map(({ pid }) => pid));
    let handle: RunHandle | null = null;
    await new Promise<void>((resolve) => {
      handle = this.#start('hardened', `emit('up');${code}`, {}, () => resolve());
    });
    if (handle === null) throw new Error('the run did not start');
    const { stop, ended }: RunHandle = handle;
    await new Promise((resolve) => setTimeout(resolve, after));
    await runner.ready();
    const before = pids();
    const from = performance.now();
    stop();
    const end = await ended;
    const over = performance.now() - from;
    while ([...pids()].filter((pid) => before.has(pid)).length === before.size) await new Promise(setImmediate);
    const dead = performance.now() - from;
    await this.run('hardened', 'done()');
    return { end, over, dead, ready: performance.now() - from };
  }

  /** Megabytes that the main process holds. */
  memory(): number {
    return process.memoryUsage().rss / 2 ** 20;
  }

  #start(kind: Kind, code: string, limits: Partial<RunLimits>, onMessage: (m: RealmMessage) => void) {
    const init = {
      code,
      name: 'test.lab.ts',
      lines: null,
      kernels: null,
      only: null,
      budget: { states: 1, seconds: 1 },
      schedule: null,
    };
    return this.#runners[kind].start(init, { ...DEFAULT_LIMITS, ...limits }, onMessage);
  }
}

declare global {
  var runnerApp: RunnerApp;
}

lockApplication(app);
protocol.registerSchemesAsPrivileged([RUNNER_PRIVILEGES]);
app.on('window-all-closed', () => {});
void app.whenReady().then(() => {
  globalThis.runnerApp = new RunnerApp();
});
