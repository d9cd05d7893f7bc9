/** The real runner: processes, pages and workers of Electron, with an engine that only evaluates. */
import type { ElectronApplication } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunLimits } from '../../main/lab/runner.ts';
import { SCRIPT_WRAPPER } from '../../renderer/runner/protocol.ts';
import { retried } from './harness.ts';
import type { Ran } from './runner-app/main.ts';
import { launchRunnerApp, print } from './runner-app.ts';

let app: ElectronApplication;

beforeAll(async () => {
  app = await launchRunnerApp();
});
afterAll(async () => {
  await app?.close();
});

/** Runs a script in the hardened worker. Limits are the product's, with less patience. */
async function run(code: string, limits: Partial<RunLimits> = {}): Promise<Ran> {
  const given = { silence: 2, wall: 30, ...limits };
  return retried(() =>
    app.evaluate((_electron, [source, bounds]) => globalThis.runnerApp.run('hardened', source, bounds), [
      code,
      given,
    ] as const),
  );
}

function texts(ran: Ran): string[] {
  return ran.messages.flatMap((message) => (message.kind === 'console' ? [message.text] : []));
}

function fatal(ran: Ran): { message: string; stack: string } {
  const last = ran.messages.at(-1);
  return last?.kind === 'fatal' ? last.error : { message: '', stack: '' };
}

/** After any run, the next one must work. */
async function stillWorks(): Promise<void> {
  expect(texts(await run(`emit('alive'); done()`))).toEqual(['alive']);
}

describe('a run', () => {
  it('sends what the script says, in order, and is done', async () => {
    const ran = await run(`emit('one'); emit('two'); done()`);
    expect(ran.end).toEqual({ kind: 'done', message: '', at: null });
    expect(texts(ran)).toEqual(['one', 'two']);
  });

  it('sends typed arrays as they are, and no more of their buffer', async () => {
    const trace = `{ actors: [{ name: 'a', kind: 'task' }], objects: [{ name: 'p', kind: 'page', head: -1, order: -1 }],
      words: [{ name: 'p.w', object: 0, field: 'w', format: 'int' }], initial: whole.subarray(1, 2),
      steps: new Int32Array(0), effects: new Int32Array(0), places: [], events: [], schedule: '', bias: 1 }`;
    const ran =
      await run(`const whole = Int32Array.of(7, 8, 9); send({ kind: 'result', result: { experiment: 'e', line: 1,
      kernel: '7.2', verdict: 'pass', expected: null, asExpected: true, exhaustive: true, executions: 1, states: 1,
      transitions: 0, depth: 0, frontier: 0, seconds: 0, failures: [], limit: null, error: null, sample: ${trace},
      notes: [] } }); done()`);
    const [first] = ran.messages;
    expect(ran.end.kind).toBe('done');
    const initial = first?.kind === 'result' ? first.result.sample?.initial : null;
    expect(Object.values(initial ?? {})).toEqual([8]);
  });

  it('is strict code that knows the language, and nothing else', async () => {
    const ran = await run(`emit(typeof this); emit(Object.getOwnPropertyNames(globalThis).sort().join(' ')); done()`);
    const [self, names] = texts(ran);
    expect(self).toBe('undefined');
    expect(names?.split(' ')).toEqual(expect.arrayContaining(['Array', 'Map', 'Int32Array', 'emit']));
    for (const name of [
      'Date',
      'Intl',
      'Blob',
      'Worker',
      'URL',
      'WebAssembly',
      'SharedArrayBuffer',
      'Atomics',
      'WeakRef',
      'eval',
      'fetch',
      'XMLHttpRequest',
      'WebSocket',
      'EventSource',
      'indexedDB',
      'caches',
      'navigator',
      'location',
      'self',
      'console',
      'importScripts',
      'postMessage',
      'onmessage',
      'close',
      'setTimeout',
      'queueMicrotask',
      'structuredClone',
      'crypto',
      'performance',
      'MessagePort',
      'MessageChannel',
      'BroadcastChannel',
      'process',
      'require',
      'module',
      '__gupbook',
      '__script',
      'gupbook',
    ]) {
      expect(names?.split(' '), name).not.toContain(name);
    }
    expect(texts(await run(`emit(typeof Math.random); emit(typeof importScripts); done()`))).toEqual([
      'undefined',
      'undefined',
    ]);
  });

  it.each([
    ['throw new Error("x")', 1, 7 + SCRIPT_WRAPPER.length],
    ['\n\n   throw new Error("x")', 3, 10],
    ['\nfunction* g() {\n  yield 1;\n    null.x;\n}\n[...g()]', 4, 10],
  ])('gives positions of the author: %j', async (code, line, column) => {
    expect(fatal(await run(code)).stack).toMatch(new RegExp(`test\\.lab\\.ts:${line}:${column}\\b`));
  });

  it('gains nothing by closing the wrapper', async () => {
    const ran = await run(
      `emit('first'); done()}}); __script(function () { return function () { emit('second'); done()`,
    );
    expect(texts(ran)).toEqual(['first']);
    expect(fatal(await run('const = 1')).message).toContain('SyntaxError');
  });
});

describe('the process that waits', () => {
  it('is there again soon after a run took it', async () => {
    const times = await retried(() =>
      app.evaluate(async () => {
        const { runnerApp } = globalThis;
        const warmed: number[] = [];
        const ran: number[] = [];
        for (let i = 0; i < 10; i++) {
          await runnerApp.ready('hardened');
          ran.push((await runnerApp.run('hardened', 'done()')).took);
          const from = performance.now();
          await runnerApp.ready('hardened');
          warmed.push(performance.now() - from);
        }
        return { warmed, ran };
      }),
    );
    expect(times.ran).toHaveLength(10);
    print('a run of an empty script', { 'start to end': times.ran, 'then until the next process waits': times.warmed });
  });

  it('is replaced when something ended it', async () => {
    await retried(() =>
      app.evaluate(async ({ BrowserWindow }) => {
        await globalThis.runnerApp.ready('hardened');
        for (const { webContents } of BrowserWindow.getAllWindows()) webContents.forcefullyCrashRenderer();
        await new Promise((resolve) => setTimeout(resolve, 300));
      }),
    );
    await stillWorks();
  });

  it('is replaced when its window was closed', async () => {
    await retried(() =>
      app.evaluate(async ({ BrowserWindow }) => {
        await globalThis.runnerApp.ready('hardened');
        for (const window of BrowserWindow.getAllWindows()) window.destroy();
      }),
    );
    await stillWorks();
  });
});

describe('hot loops', () => {
  it.each([
    ['for (;;) {}', [1]],
    ['\nfunction* g() { for (;;) yield 1; }\nlet n = 0;\nfor (const x of g()) n += x;', [2, 4]],
    ['\n\nlet r = /^(a+)+$/.test("a".repeat(40) + "b")', [3]],
    ['\nlet x = 3n; for (;;) x = x * x % 1000003n;', [2]],
    ['\nfor (;;) { try { for (;;) {} } catch { continue } }', [2]],
    ['\nfor (;;) emit("x")', [2]],
  ])('%j is ended for its silence, and its line is told', async (code, lines) => {
    const ran = await run(code, { silence: 0.5 });
    expect(ran.end.kind).toBe('time-limit');
    expect(ran.end.message).toContain('no sign of life for 0.5 s');
    expect(lines).toContain(ran.end.at?.line);
    await stillWorks();
  });

  it.each(['for (;;) {}', 'const a = []; for (;;) a.push(new Array(1e4).fill(1));', 'for (;;) emit("x");'])(
    '%j stops at once, and the next run is ready',
    async (code) => {
      const tries = [];
      for (let i = 0; i < 10; i++) {
        tries.push(await retried(() => app.evaluate((_e, source) => globalThis.runnerApp.stop(source, 100), code)));
      }
      for (const { end } of tries) expect(end.kind).toBe('stopped');
      print(`stop of ${code}`, {
        'result "stopped"': tries.map(({ over }) => over),
        'process gone': tries.map(({ dead }) => dead),
        'next run finished': tries.map(({ ready }) => ready),
      });
    },
  );
});

describe('memory bombs', () => {
  it.each([
    ['arrays', 'const a = []; for (;;) a.push(new Array(1e6).fill(1));', {}],
    ['typed arrays', 'const a = []; for (;;) a.push(new Float64Array(1e6).fill(1));', {}],
    // The collector fights for the last megabytes of the heap; a lower limit of the process spares the wait.
    ['objects', 'let a = null; for (;;) a = { a, b: {} };', { memory: 400 }],
  ])('of %s end as out of memory', async (kind, code, limits) => {
    const ran = await run(code, { silence: 30, ...limits });
    expect(ran.end.kind).toBe('memory-limit');
    expect(ran.end.message).toMatch(/memory/);
    print(`memory bomb of ${kind}: ${ran.end.message}`, { ended: [ran.took] });
    await stillWorks();
  });
});

describe('a hostile script', () => {
  it('may not send without end', async () => {
    const ran = await run('for (;;) emit("x".repeat(1000))', { output: 10 ** 6 });
    expect(ran.end.kind).toBe('output-limit');
    expect(ran.messages.length).toBeLessThan(1000);
    await stillWorks();
  });

  it.each([
    ['results of no shape', 'send({ kind: "result", result: { verdict: "pass" } })', 'protocol'],
    ['functions', 'send(() => {})', 'output-limit'],
    ['a cycle', 'const a = {}; a.a = a; send(a)', 'output-limit'],
    ['a proxy', 'send(new Proxy({ kind: "done" }, {}))', 'done'],
    ['a getter', 'let n = 0; send({ get kind() { return n++ ? "plan" : "done" } })', 'done'],
  ])('that sends %s ends its own run alone', async (_name, code, kind) => {
    expect((await run(code)).end.kind).toBe(kind);
    await stillWorks();
  });

  const attacks: readonly [string, string][] = [
    [
      'prototypes of what is sent',
      `
      const trap = Object.assign(Object.create(null), { set() { globalThis.stolen = 1 }, get() { return 'forged' } });
      for (const key of ['nonce', 'message', 'kind', 'text', '0', 'value', 'writable', 'enumerable', 'configurable']) {
        Object.defineProperty(Object.prototype, key, trap);
      }`,
    ],
    [
      'array setters',
      `
      Object.defineProperty(Array.prototype, '0', { set(v) { globalThis.stolen = v }, configurable: true });`,
    ],
    [
      'iterators',
      `
      Array.prototype[Symbol.iterator] = function* () { globalThis.stolen = this; };`,
    ],
    [
      'call, apply and bind',
      `
      for (const key of ['call', 'apply', 'bind']) Function.prototype[key] = function () { globalThis.stolen = this; };`,
    ],
    [
      'Reflect and Object',
      `
      for (const key of Reflect.ownKeys(Reflect)) { try { Reflect[key] = function (...a) { globalThis.stolen = a } } catch {} }
      for (const key of ['create', 'keys', 'defineProperty', 'getPrototypeOf']) Object[key] = (...a) => { globalThis.stolen = a };`,
    ],
    [
      'stack traces',
      `
      Error.prepareStackTrace = (e, frames) => {
        for (const f of frames) { if (f.getThis() || f.getFunction()) globalThis.stolen = f.getFunction() || f.getThis(); }
        return '';
      };
      void new Error('x').stack;`,
    ],
    [
      'Array.isArray and Int32Array',
      `
      Array.isArray = () => { globalThis.stolen = 1; return true; };
      globalThis.Int32Array = function () { globalThis.stolen = 1; };`,
    ],
    [
      'Promise.then',
      `
      Promise.prototype.then = function () { globalThis.stolen = this; };`,
    ],
  ];
  it.each(attacks)('gets nothing by taking over %s', async (_name, attack) => {
    const ran = await run(`${attack}
      emit('sent');
      const { stolen } = globalThis;
      emit(stolen === undefined || typeof stolen === 'string' ? 'nothing' : 'stolen');
      done()`);
    expect(texts(ran)).toEqual(['sent', 'nothing']);
    expect(ran.end.kind).toBe('done');
  });
});
