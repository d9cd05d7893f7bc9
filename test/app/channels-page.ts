/** The part of the fuzzing of channels that runs in the page: it must stand alone, so all is in one function. */

export interface RawIpc {
  invoke(channel: string, ...args: unknown[]): Promise<unknown>;
  send(channel: string, ...args: unknown[]): string | undefined;
  post(channel: string, message: unknown): string | undefined;
}

export interface Fuzzed {
  readonly inputs: number;
  readonly taken: number;
  readonly refused: number;
  /** Could not be sent at all: no structured clone can be made of it. */
  readonly threw: number;
  /** Asked and not answered in 30 seconds. */
  readonly hung: readonly string[];
  /** Answers that are no Outcome and no error. */
  readonly untyped: readonly string[];
  readonly channels: readonly string[];
}

export async function fuzz(wanted: { seed: number; count: number; channels: string[] }): Promise<Fuzzed> {
  let state = wanted.seed | 0 || 1;
  const below = (n: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  };
  const one = <T>(list: readonly T[], otherwise: T): T => list[below(list.length)] ?? otherwise;

  /** Arguments that are taken, to be spoilt in one place. */
  const budget = { states: 10, seconds: 1 };
  const run = { notebookId: 1, path: null, text: '// %% a\n', cells: null, kernels: ['7.2'], budget };
  const report = { runId: 1, format: 'reply', experiments: null, kernels: null, inReplyTo: null };
  const sections = { table: true, states: true, checks: true, replay: true, scenario: true };
  const mail = { runId: 1, format: 'reply', experiments: null, kernels: null, mailId: null, quote: [], comment: '' };
  const good: Record<string, readonly unknown[]> = {
    'notebook:open': ['scenarios/two-bios.lab.ts'],
    'notebook:save': [1, '/nowhere/x.lab.ts', 'text'],
    'notebook:save-dialog': [1, 'x.lab.ts', 'text'],
    'notebook:journal': [1, '// %% a\nlet a = 1;\n'],
    'notebook:analyse': ['// %% a\nlet a = 1;\n'],
    'run:start': [run],
    'run:stop': [1],
    'preferences:set': [{ fontSize: 13, budget }],
    'run:replay': [{ path: null, text: run.text, experiment: 'x', line: 1, kernel: 'pin-v5', schedule: '0x3.1' }],
    'run:list': [1],
    'run:get': [1],
    'run:pin': [1, true],
    'run:delete': [1],
    'notebook:revisions': [1],
    'notebook:revision-text': ['0'.repeat(64)],
    'store:prune': [200, 180],
    'store:search': ['_refcount "x'],
    'report:text': [report],
    'report:save-dialog': ['x.mbox', 'text'],
    'mail:read': ['From: a@example.org\nSubject: x\n\n> y\n'],
    'mail:compose': [{ ...mail, layout: 'finding', sections, file: 'x' }],
    'mail:notebook': [1, 0],
    'decode:text': ['page:ffffea0000000000 refcount:1 mapcount:0'],
    'decode:page': [1, 100, null],
    'decode:cell': [1, 100, '7.2'],
    'clipboard:write': ['text'],
    'theme:set': ['dark'],
  };
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  let deep: unknown = 1;
  for (let i = 0; i < 900; i++) deep = { deep };
  const hostile: readonly (() => unknown)[] = [
    () => undefined,
    () => null,
    () => Number.NaN,
    () => -0,
    () => -1,
    () => 1.5,
    () => 2 ** 53,
    () => Number.POSITIVE_INFINITY,
    () => below(1000),
    () => '',
    () => '\0',
    () => '../../../etc/passwd',
    () => 'x'.repeat(below(1e5)),
    () => String.fromCharCode(...Array.from({ length: 40 }, () => below(65_536))),
    () => '// %% x\n'.repeat(below(200)),
    () => ({}),
    () => [],
    () => Array.from({ length: below(2000) }, () => below(9)),
    () => cyclic,
    () => deep,
    () => new Map([['a', 1]]),
    () => new Set([1]),
    () => new Date(Number.NaN),
    () => /x/g,
    () => new Error('x'),
    () => new Uint8Array(below(1e5)),
    () => new ArrayBuffer(16),
    () => 12n,
    () => true,
    () => ({ __proto__: null, toString: 1 }),
    () => JSON.parse('{"__proto__":{"ok":true},"constructor":1,"length":-1}'),
    () => Symbol('x'),
    () => () => 1,
    () => window,
    () => new Proxy({}, {}),
  ];
  const hostileValue = (): unknown => one(hostile, () => null)();

  /** A copy with one place in it made hostile. */
  const spoilt = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || below(4) === 0) return hostileValue();
    const keys = Object.keys(value);
    const at = one(keys, '');
    if (Array.isArray(value)) {
      if (keys.length === 0 || below(6) === 0) return [...value, hostileValue()];
      return value.map((item, i) => (String(i) === at ? spoilt(item) : item));
    }
    if (below(6) === 0) return { ...value, [one(['__proto__', 'extra', 'ok'], 'extra')]: hostileValue() };
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === at ? spoilt(item) : item]));
  };

  const done = { inputs: 0, taken: 0, refused: 0, threw: 0 };
  const hung: string[] = [];
  const untyped: string[] = [];
  const channels = new Set<string>();
  for (let i = 0; i < wanted.count; i++) {
    const channel = i < wanted.channels.length ? (wanted.channels[i] ?? '') : one(wanted.channels, '');
    const plain = good[channel] ?? [];
    const spoiled = below(5) === 0 ? Array.from({ length: below(5) }, hostileValue) : spoilt(plain);
    let args: readonly unknown[] = below(10) === 0 ? plain : Array.isArray(spoiled) ? spoiled : [spoiled];
    // To close the window is the one thing that a window may do to itself.
    if (channel === 'window:close' && args.length === 0) args = [1];
    channels.add(channel);
    done.inputs++;
    const say = `${channel} #${i}`;
    const late = new Promise<'late'>((ok) => setTimeout(ok, 30_000, 'late'));
    const alsoSent = below(12) === 0;
    try {
      if (alsoSent) {
        window.raw.send(channel, ...args);
        window.raw.post(channel, args);
      }
      const answer = await Promise.race([window.raw.invoke(channel, ...args), late]);
      if (answer === 'late') hung.push(say);
      else if (typeof answer !== 'object' || answer === null) untyped.push(say);
      else if (channel === 'app:info' && 'version' in answer) done.taken++;
      else if (!('ok' in answer)) untyped.push(say);
      else if (answer.ok === true) done.taken++;
      else if ('problem' in answer && typeof Reflect.get(Object(answer.problem), 'message') === 'string')
        done.refused++;
      else untyped.push(say);
    } catch (thrown) {
      // What cannot be cloned never leaves the page.
      if (/could not be cloned|cannot be cloned|converting|circular|recursion|nesting/i.test(String(thrown)))
        done.threw++;
      else untyped.push(`${say}: ${thrown}`.slice(0, 300));
    }
  }
  return { ...done, hung, untyped, channels: [...channels] };
}
