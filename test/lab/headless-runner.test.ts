import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import { permissionFlags } from '../../main/lab/headless-process.ts';
import { headlessRunner } from '../../main/lab/headless-runner.ts';
import type { RunEnd, RunLimits } from '../../main/lab/runner.ts';
import type { RealmMessage } from '../../renderer/runner/protocol.ts';

/**
 * Stands in for the engine: what the script calls `say(...)` with goes out as text, what it calls `send(...)` with as it
 * is. A promise in the global `late` is awaited. All else is the runner's doing.
 */
const ENGINE = `
globalThis.__gupbook = (host) => (init) => {
  const say = (...words) => host.send({ kind: 'console', text: words.map(String).join(' ') });
  Object.assign(globalThis, { say, send: host.send, init, seconds: () => host.now() / 1000 });
  const fatal = (e) => host.send({ kind: 'fatal', error: { message: String(e), line: 0, column: 0, stack: String(e && e.stack) } });
  try { host.evaluate(init.code, init.name); } catch (e) { return fatal(e); }
  if (!globalThis.late) return host.send({ kind: 'done' });
  globalThis.late.then((x) => { say(x); host.send({ kind: 'done' }); }, fatal);
};`;

const LIMITS: RunLimits = { silence: 20, wall: 60, memory: 400, output: 32 * 2 ** 20 };
const NAME = 'my note.lab.ts';

const runner = headlessRunner(ENGINE);
afterAll(() => runner.close());

function start(code: string, limits: Partial<RunLimits> = {}, onMessage: (message: RealmMessage) => void = () => {}) {
  const budget = { states: 1000, seconds: 1 };
  const init = { code, name: NAME, lines: null, kernels: ['pin-v5'], only: null, budget, schedule: null };
  return runner.start(init, { ...LIMITS, ...limits }, onMessage);
}

async function run(
  code: string,
  limits: Partial<RunLimits> = {},
): Promise<{ said: string[]; all: RealmMessage[]; end: RunEnd }> {
  const all: RealmMessage[] = [];
  const end = await start(code, limits, (message) => all.push(message)).ended;
  return { all, end, said: all.flatMap((message) => (message.kind === 'console' ? [message.text] : [])) };
}

/** The one thing that a script says. */
async function answer(code: string): Promise<string> {
  const { said, end } = await run(code);
  expect(end).toEqual({ kind: 'done', message: '', at: null });
  return said.join('\n');
}

async function fatal(code: string) {
  const { all, end } = await run(code);
  expect(end.kind).toBe('done');
  const last = all.at(-1);
  if (last?.kind !== 'fatal') throw new Error(`no fatal message but ${JSON.stringify(last)}`);
  return last.error;
}

describe('messages', () => {
  test('come in the order they were sent, and the last one ends the run', async () => {
    const { all, end } = await run('say("a"); say("b"); say(init.kernels[0]); say("na\\u00efve \\ud83d\\ude00");');
    expect(all).toEqual([
      { kind: 'console', text: 'a' },
      { kind: 'console', text: 'b' },
      { kind: 'console', text: 'pin-v5' },
      { kind: 'console', text: 'na\u00efve \ud83d\ude00' },
      { kind: 'done' },
    ]);
    expect(end).toEqual({ kind: 'done', message: '', at: null });
  });

  test('are there before the script has returned', async () => {
    const first = await new Promise<RealmMessage>((resolve) => {
      const handle = start('say("still here"); for (;;) {}', {}, (message) => {
        handle.stop();
        resolve(message);
      });
    });
    expect(first).toEqual({ kind: 'console', text: 'still here' });
  });

  test('carry traces much larger than the ring, as integer arrays', async () => {
    const { all } = await run(`
      const steps = new Int32Array(12 * 50_000);
      for (let i = 0; i < steps.length; i += 12) steps.set([0, 14, -1, i, -i, 0, 0, 0, -1, 0, 0, 0], i);
      const sample = { actors: [{ name: 'submit', kind: 'task' }], objects: [], words: [], initial: new Int32Array(0), steps,
        effects: new Int32Array(0), places: [], events: [], schedule: '0x50000', bias: 1024 };
      send({ kind: 'result', result: { experiment: 'large', line: 1, kernel: '7.2', verdict: 'pass', expected: null,
        asExpected: true, exhaustive: true, executions: 1, states: 1, transitions: 1, depth: 1, frontier: 0, seconds: 0.5,
        failures: [], limit: null, error: null, sample, notes: [] } });`);
    const [message] = all;
    if (message?.kind !== 'result') throw new Error('no result');
    const steps = message.result.sample?.steps;
    expect(steps).toBeInstanceOf(Int32Array);
    expect(steps?.length).toBe(600_000);
    expect(steps?.slice(-12)).toEqual(new Int32Array([0, 14, -1, 599_988, -599_988, 0, 0, 0, -1, 0, 0, 0]));
  });

  test('that are none end the run', async () => {
    const { end, all } = await run('send({ kind: "result", result: { verdict: "pass" } }); say("too late");');
    expect(end.kind).toBe('protocol');
    expect(all).toEqual([]);
  });

  test('in a flood end the run', async () => {
    const { end } = await run('const text = "x".repeat(10_000); for (;;) say(text);', { output: 2 ** 20 });
    expect(end.kind).toBe('output-limit');
  });

  test('are missed where a script leaves without one', async () => {
    const { end } = await run('globalThis.late = { then() {} };');
    expect(end.kind).toBe('protocol');
  });
});

describe('positions', () => {
  test('of a throw are the author\u2019s own, on the first line and below', async () => {
    expect((await fatal('  null.x;')).stack).toContain(`at ${NAME}:1:8`);
    expect((await fatal('\nfunction deep() {\n   null.x;\n}\ndeep();')).stack).toContain(`at deep (${NAME}:3:9)`);
  });

  test('of a syntax error are the author\u2019s own, on the first line and below', async () => {
    expect(await fatal('const a = ;')).toMatchObject({
      message: "SyntaxError: Unexpected token ';'",
      line: 1,
      column: 11,
    });
    expect(await fatal('const a = 1;\n\n  const b = ;')).toMatchObject({ line: 3, column: 13 });
  });
});

describe('limits', () => {
  test('end a script that never returns, and say where it is', async () => {
    const { end } = await run('let i = 0;\nfunction spin() {\n  for (;;) i++;\n}\nspin();', { silence: 1 });
    expect(end.kind).toBe('time-limit');
    expect(end.message).toBe('The script gave no sign of life for 1 second: time limit.');
    expect(end.at?.line).toBe(3);
  });

  test('end a script that prints for ever, for printing is no sign of life', async () => {
    const { end } = await run('for (;;) { say("x"); for (let i = 0; i < 1e6; i++); }', { silence: 1 });
    expect(end.kind).toBe('time-limit');
  });

  test('end a script that is alive for too long', async () => {
    const progress = '{ experiment: "e", kernel: "k", states: 1, transitions: 1, frontier: 0, depth: 1 }';
    const { end } = await run(
      `for (;;) { send({ kind: 'progress', progress: ${progress} }); for (let i = 0; i < 1e6; i++); }`,
      {
        wall: 1,
      },
    );
    expect(end.kind).toBe('time-limit');
    expect(end.message).toBe('The script ran for 1 second: time limit.');
  });

  test.each([
    ['arrays', 'const all = []; for (;;) all.push(new Array(1e5).fill(0));'],
    ['numbers', 'const all = []; for (;;) all.push(all.length + 0.5);'],
    ['typed arrays', 'const all = []; for (;;) all.push(new Float64Array(1e6).fill(1));'],
    ['generators', 'const all = []; function* g() { yield 1; } for (;;) { const i = g(); i.next(); all.push(i); }'],
  ])('end a script that takes memory without end: %s', async (_what, code) => {
    const { end } = await run(code, { memory: 300 });
    expect(end.kind).toBe('memory-limit');
    expect(end.message).toBe('The script took more than 300 MB: out of memory.');
  });

  test('do not touch a script that stays within them', async () => {
    expect(await answer('let sum = 0; for (let i = 0; i < 1e7; i++) sum += i; say(sum);')).toBe('49999995000000');
  });
});

describe('stopping', () => {
  test('ends a hot loop, and nothing is heard of it any more', async () => {
    const heard: string[] = [];
    const handle = start('for (;;) say("x");', {}, (message) => {
      heard.push(message.kind);
      handle.stop();
    });
    expect((await handle.ended).kind).toBe('stopped');
    const count = heard.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard.length).toBe(count);
  });

  test('after the end changes nothing', async () => {
    const handle = start('say(1);');
    const end = await handle.ended;
    handle.stop();
    expect(await handle.ended).toBe(end);
  });
});

describe('the realm', () => {
  test('has a clock for the engine that goes forward', async () => {
    expect(await answer('const a = seconds(); for (let i = 0; i < 1e6; i++); say(seconds() >= a);')).toBe('true');
  });

  test('has no clock, no chance, no collector and no outside for the script', async () => {
    const names =
      'process require module fetch setTimeout console Date performance WebAssembly SharedArrayBuffer Atomics ' +
      'WeakRef FinalizationRegistry Intl __gupbook gupbook eval';
    const found = await answer(
      `say(${names
        .split(' ')
        .map((name) => `typeof ${name}`)
        .join(', ')}, typeof Math.random);`,
    );
    expect(new Set(found.split(' '))).toEqual(new Set(['undefined']));
  });

  test.each([
    ['code of strings', `Function('return 1')()`, 'EvalError'],
    ['code of strings, by a generator', `(function* () {}).constructor('yield 1')()`, 'EvalError'],
    ['what sends messages', `send.constructor('return process')()`, 'EvalError'],
    ['the order itself', `init.constructor.constructor('return process')()`, 'EvalError'],
    ['the caller', `(function f() { return f.caller.constructor; })()`, 'TypeError'],
  ])('gives no way out through %s', async (_way, code, error) => {
    expect(await answer(`try { say(${code}); } catch (e) { say(e.name, e instanceof Error); }`)).toBe(`${error} true`);
  });

  test('gives no way out through import(), whose refusal has no constructor of the outer realm', async () => {
    const code = `globalThis.late = import('node:fs').then(() => 'imported', (e) => typeof e + ' ' + (e.constructor === String));`;
    expect(await answer(code)).toBe('string true');
  });

  test('gives no way out through the frames of a stack trace', async () => {
    const code = `
      Error.prepareStackTrace = (_error, frames) => frames;
      const frames = new Error('look').stack;
      say(frames.length > 3, frames.every((f) => f.getThis() === undefined && f.getFunction() === undefined));`;
    expect(await answer(code)).toBe('true true');
  });

  test('gives no way out through a stack that overflows on its way out', async () => {
    const code = `
      let foreign = 0;
      const dive = () => { try { dive(); } catch (e) { if (!(e instanceof Error)) foreign++; } send({ kind: 'console', text: '' }); };
      try { dive(); } catch (e) { if (!(e instanceof Error)) foreign++; }
      say('foreign', foreign);`;
    const { said, end } = await run(code);
    expect(end.kind).toBe('done');
    expect(said.at(-1)).toBe('foreign 0');
  });
});

describe('the process', () => {
  const attempt = (code: string): string => {
    const text = `try { ${code}; console.log('allowed'); } catch (e) { console.log(e.code); }`;
    const { stdout } = spawnSync(process.execPath, [...permissionFlags(), '-e', text], { env: {}, encoding: 'utf8' });
    return stdout.trim();
  };
  test.each([
    ['read a file', `require('node:fs').readFileSync(process.execPath)`],
    ['list a folder', `require('node:fs').readdirSync('/')`],
    ['write a file', `require('node:fs').writeFileSync('/tmp/gupbook-forbidden', '')`],
    ['start a process', `require('node:child_process').spawnSync('true')`],
  ])('may not %s', (_what, code) => {
    expect(attempt(code)).toBe('ERR_ACCESS_DENIED');
  });

  test('may compute', () => {
    expect(attempt('1 + 1')).toBe('allowed');
  });
});
