/** The window without a window: the real store and commands over a main process, a screen and a clock of the test. */
import {
  type AppInfo,
  type Bridge,
  DEFAULT_PREFERENCES,
  type Decoded,
  type EventChannel,
  type Events,
  type OpenNotebook,
  type ReadMail,
  type RequestChannel,
  type Requests,
  type RunSummary,
  type StoredRun,
  type TracePage,
} from '../../preload/contract.ts';
import { reduce } from '../../renderer/app/actions.ts';
import type { App, TextPlace } from '../../renderer/app/app.ts';
import { INITIAL } from '../../renderer/app/state.ts';
import { createStore } from '../../renderer/app/store.ts';

export const INFO: AppInfo = {
  version: '0.1.0',
  engineVersion: '1',
  electron: '45',
  kernels: ['5.6', 'pin-v5', 'pin-v6', '7.2'].map((id, order) => ({ id, title: id, order, pins: id !== '5.6' })),
  theme: 'dark',
  preferences: DEFAULT_PREFERENCES,
  interfaceText: 'declare const FOLL_WRITE: number;',
  scenarios: [{ path: '/scenarios/two-bios.lab.ts', title: 'One pin, two bios' }],
};

/** A mail of two paragraphs that reports nothing. */
export const MAIL: ReadMail = {
  mailId: 4,
  title: 'Jan',
  lines: ['> first', '> second', '', 'third', 'fourth'],
  remarks: [],
  reports: [],
};

/** Two experiments, prose before each. Lines: 1 reference, 3 prose, 6 first experiment, 10 second. */
export const TEXT = [
  '/// <reference types="gupbook" />',
  '',
  '// %% [markdown] Why',
  '// Jan Kara, 2019.',
  '',
  '// %% First',
  "experiment('first', {}, () => {});",
  '',
  '// %% Second',
  "experiment('second', {}, () => {});",
  '',
].join('\n');
export const FIRST = 'c2';
export const SECOND = 'c3';

export function notebook(change: Partial<OpenNotebook> = {}): OpenNotebook {
  return { path: '/home/jan/nb.lab.ts', text: TEXT, notebookId: 7, shipped: false, recovered: null, ...change };
}

export function summary(runId: number, change: Partial<RunSummary> = {}): RunSummary {
  const counts = { pass: 1, fail: 0, inconclusive: 0, 'not-applicable': 0, error: 0 };
  return {
    runId,
    notebookId: 7,
    startedAt: 1000,
    seconds: 0.5,
    state: 'finished',
    counts,
    asExpected: true,
    ...change,
  };
}

export function storedRun(runId: number, change: Partial<StoredRun> = {}): StoredRun {
  return { ...summary(runId), text: TEXT, sha256: '', engineVersion: '1', results: [], error: null, ...change };
}

export const DECODED: Decoded = {
  decodedId: 3,
  source: 'the pasted text',
  cards: [
    {
      title: 'pfn 0x10',
      count: '1024 = 1 pin x 1024 + 0 refs',
      lines: ['page: refcount:1024'],
      odd: ['what put_page() on a pinned page leaves'],
      see: [{ file: 'two-bios.lab.ts', experiment: 'two bios' }],
    },
  ],
  others: [],
  unread: [],
  trace: { summary: '3 events of 1 pages', pages: [{ pfn: 0x10, text: 'pfn 0x10, 3 events', suspicions: [] }] },
};

/** A fast pin and an unpin; the last event is odd. */
export function tracePage(change: Partial<TracePage> = {}): TracePage {
  return {
    pfn: 0x10,
    kernel: '7.2',
    guessed: ['7.2'],
    before: 1,
    line: Float64Array.of(4, 5, 9),
    time: Float64Array.of(1e9, 1e9 + 1000, 2e9),
    task: Uint32Array.of(0, 0, 1),
    op: Uint8Array.of(1, 0, 2),
    val: Int32Array.of(1, 1023, -1024),
    ret: Int32Array.of(1, 0, 0),
    after: Int32Array.of(2, 1025, 1),
    call: Int32Array.of(0, 0, -1),
    tasks: ['gt-1', 'gt-2'],
    ops: ['mod', 'mod_unless', 'mod_and_test'],
    calls: ['pin_user_pages_fast()'],
    odd: [{ row: 2, text: 'no call begins like this' }],
    said: [],
    ...change,
  };
}

type Answers = {
  [C in RequestChannel]: (
    ...args: Parameters<Requests[C]>
  ) => ReturnType<Requests[C]> | Promise<ReturnType<Requests[C]>>;
};
type Listeners = { [C in EventChannel]: Events[C][] };

const fine = <T>(value: T) => ({ ok: true, value }) as const;

export class FakeMain implements Bridge {
  /** Every request in order, as `channel` and its arguments. */
  readonly asked: [RequestChannel, ...unknown[]][] = [];
  readonly #listeners: Listeners = {
    'run:plan': [],
    'run:progress': [],
    'run:console': [],
    'run:result': [],
    'run:end': [],
    'notebook:outside': [],
    'decode:progress': [],
    'menu:command': [],
    'window:closing': [],
    'notebook:named': [],
  };
  answers: Answers = {
    'app:info': () => INFO,
    'notebook:open-dialog': () => fine(null),
    'notebook:open': (path) => fine(notebook({ path })),
    'notebook:save': (_id, path) => fine({ path }),
    'notebook:save-dialog': () => fine(null),
    'notebook:journal': () => fine(null),
    'notebook:analyse': () => fine({ cells: [] }),
    'notebook:last': () => fine(notebook()),
    'run:start': () => fine({ runId: 1 }),
    'run:stop': () => fine(null),
    'run:replay': () => ({ ok: false, problem: { message: 'Not possible: actor 1 has to wait.' } }),
    'run:list': () => fine([]),
    'run:get': (runId) => fine(storedRun(runId)),
    'run:pin': () => fine(null),
    'run:delete': () => fine({ runs: 1, traces: 0, texts: 0, bytes: 4096 }),
    'notebook:revisions': () => fine([]),
    'notebook:revision-text': () => fine({ text: TEXT }),
    'store:storage': () => fine({ path: '/gupbook.db', bytes: 4096, texts: 1, results: 2, traces: 3, notebooks: [] }),
    'store:prune': () => fine({ runs: 0, traces: 0, texts: 0, bytes: 0 }),
    'store:search': () => fine([]),
    'report:text': ({ format }) => fine({ text: `a ${format}\n` }),
    'report:save-dialog': (suggested) => fine({ path: `/home/jan/${suggested}` }),
    'mail:read': (text) => fine({ ...MAIL, title: text }),
    'mail:open-dialog': () => fine(null),
    'mail:compose': ({ file, quote }) =>
      fine({ text: `a mail that quotes ${quote.join()}\n`, checks: [], advice: [], command: `try ${file}` }),
    'mail:notebook': () => fine(notebook({ path: null, notebookId: 9 })),
    'decode:text': () => fine(DECODED),
    'decode:open-dialog': () => fine(null),
    'decode:stop': () => fine(null),
    'decode:page': (_id, pfn, kernel) => fine(tracePage({ pfn, kernel: kernel ?? '7.2' })),
    'decode:cell': () => fine({ text: "// %% Recorded: pfn 0x10\nexperiment('recorded', {}, () => {});\n" }),
    'clipboard:write': () => fine(null),
    'preferences:set': () => fine(null),
    'theme:set': () => fine(null),
    'window:close': () => fine(null),
  };

  async request<C extends RequestChannel>(
    channel: C,
    ...args: Parameters<Requests[C]>
  ): Promise<ReturnType<Requests[C]>> {
    this.asked.push([channel, ...args]);
    return this.answers[channel](...args);
  }

  on<C extends EventChannel>(channel: C, listener: Events[C]): () => void {
    this.#listeners[channel].push(listener);
    return () => {
      this.#listeners[channel].splice(this.#listeners[channel].indexOf(listener), 1);
    };
  }

  tell<C extends EventChannel>(channel: C, ...args: Parameters<Events[C]>): void {
    for (const listener of this.#listeners[channel]) Reflect.apply(listener, undefined, args);
  }

  /** Arguments of the last request on a channel. */
  last(channel: RequestChannel): readonly unknown[] | undefined {
    return this.asked.findLast(([name]) => name === channel)?.slice(1);
  }

  count(channel: RequestChannel): number {
    return this.asked.filter(([name]) => name === channel).length;
  }
}

/** What the screen was asked to do, in words. */
export class FakeScreen {
  readonly done: string[] = [];
  flush: () => void = () => {};
  focusCell = (id: string) => void this.done.push(`cell ${id}`);
  focusEditor = (id: string, place: TextPlace | null) =>
    void this.done.push(`editor ${id}${place === null ? '' : ` ${place.line}:${place.column}`}`);
  place: TextPlace | null = null;
  cursor = () => this.place;
  leaveEditor = () => void this.done.push('leave');
  focusRegion = (region: string) => void this.done.push(`region ${region}`);
  focusVerdicts = (id: string) => void this.done.push(`verdicts ${id}`);
  focusWhatIf = (id: string) => void this.done.push(`what-if ${id}`);
  revealResult = (id: string) => void this.done.push(`reveal ${id}`);
  flushTyping = () => this.flush();
}

/** Time that stands still until it is told to pass. */
export class FakeClock {
  time = 1000;
  #waiting: { readonly at: number; readonly callback: () => void }[] = [];
  now = () => this.time;
  ticks = () => this.time;
  later = (milliseconds: number, callback: () => void) => {
    const waiting = { at: this.time + milliseconds, callback };
    this.#waiting.push(waiting);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
    };
  };

  pass(milliseconds: number): void {
    this.time += milliseconds;
    const due = this.#waiting.filter(({ at }) => at <= this.time);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.time);
    for (const { callback } of due) callback();
  }
}

export interface FakeApp extends App {
  readonly bridge: FakeMain;
  readonly screen: FakeScreen;
  readonly clock: FakeClock;
}

export function fakeApp(): FakeApp {
  return {
    store: createStore(reduce, INITIAL),
    bridge: new FakeMain(),
    screen: new FakeScreen(),
    clock: new FakeClock(),
  };
}

/** Lets all promises that are ready settle. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
