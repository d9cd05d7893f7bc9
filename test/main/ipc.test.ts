import type { IpcMain, WebContents } from 'electron';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Handlers, isWindow, type Sender, serveRequests, teller } from '../../main/ipc.ts';
import { REQUEST_CHANNELS, type RequestChannel } from '../../preload/contract.ts';
import { holds } from '../lab/property.ts';

/** Only what the door looks at. */
function page(id: number, url: string, origin: string) {
  const frame = { url, origin };
  return { id, mainFrame: frame };
}

// Electron's own classes cannot be made outside of it; Object.assign lets the compiler see the few fields as the type.
const blank: Sender = Object.create(null);
function eventOf(sender: ReturnType<typeof page>, frame: object | null = sender.mainFrame): Sender {
  return Object.assign(Object.create(blank), { sender, senderFrame: frame });
}
function contentsOf(sender: ReturnType<typeof page>): WebContents {
  return Object.assign(Object.create(null), sender);
}

const ours = page(1, 'gupbook://app/index.html', 'gupbook://app');

describe('the sender', () => {
  it('is the window when contents, frame and origin are the window', () => {
    expect(isWindow(eventOf(ours), contentsOf(ours))).toBe(true);
  });

  it.each([
    ['another page', eventOf(page(2, 'gupbook://app/index.html', 'gupbook://app'))],
    ['a frame inside the window', eventOf(ours, { url: 'gupbook://app/index.html', origin: 'gupbook://app' })],
    ['a frame that is gone', eventOf(ours, null)],
    ['a remote page', eventOf(page(1, 'https://app/index.html', 'https://app'))],
    ['a host that only begins like ours', eventOf(page(1, 'gupbook://app.evil/', 'gupbook://app.evil'))],
    ['a runner', eventOf(page(1, 'gupbook-run://run/', 'null'))],
    ['an origin without its URL', eventOf(page(1, 'about:blank', 'gupbook://app'))],
  ])('is refused when it is %s', (_name, event) => {
    expect(isWindow(event, contentsOf(ours))).toBe(false);
  });

  it('is refused while there is no window', () => {
    expect(isWindow(eventOf(ours), null)).toBe(false);
  });
});

describe('the door', () => {
  type Listener = (event: Sender, ...args: unknown[]) => unknown;
  const listeners = new Map<string, Listener>();
  const called: { channel: string; args: unknown[] }[] = [];
  let failure: Error | null = null;

  beforeEach(() => {
    listeners.clear();
    called.length = 0;
    failure = null;
    const ipc: Pick<IpcMain, 'handle'> = {
      handle: (channel, listener) => {
        listeners.set(channel, (event, ...args) => Reflect.apply(listener, undefined, [event, ...args]));
      },
    };
    const record =
      (channel: string) =>
      (...args: unknown[]) => {
        called.push({ channel, args });
        if (failure !== null) throw failure;
        return { ok: true, value: null };
      };
    const handlers: Handlers = Object.assign(
      Object.create(null),
      Object.fromEntries(REQUEST_CHANNELS.map((channel) => [channel, record(channel)])),
    );
    serveRequests(ipc, () => contentsOf(ours), handlers);
  });

  const ask = async (channel: string, ...args: unknown[]) => listeners.get(channel)?.(eventOf(ours), ...args);

  it('serves exactly the channels of the contract', () => {
    expect([...listeners.keys()].sort()).toEqual([...REQUEST_CHANNELS].sort());
  });

  it('hands good arguments to the handler', async () => {
    await expect(ask('notebook:save', 3, '/home/a.lab.ts', 'text')).resolves.toEqual({ ok: true, value: null });
    expect(called).toEqual([{ channel: 'notebook:save', args: [3, '/home/a.lab.ts', 'text'] }]);
  });

  it('makes a problem of what a handler throws', async () => {
    failure = new Error('the disk is full');
    await expect(ask('run:stop', 1)).resolves.toEqual({ ok: false, problem: { message: 'the disk is full' } });
  });

  it('lets no stranger reach a handler', async () => {
    for (const channel of REQUEST_CHANNELS) {
      const stranger = eventOf(page(2, 'gupbook-run://run/', 'null'));
      await expect(listeners.get(channel)?.(stranger)).rejects.toThrow('may not ask');
    }
    expect(called).toEqual([]);
  });

  const run = { notebookId: 1, path: null, text: '', cells: null, kernels: null, budget: { states: 1, seconds: 1 } };
  const hostile: readonly [RequestChannel, ...unknown[]][] = [
    ['app:info', 'more'],
    ['notebook:open', ''],
    ['notebook:open', '/etc/passwd\0.lab.ts'],
    ['notebook:open', ['/etc/passwd']],
    ['notebook:open', '/a', '/b'],
    ['notebook:save', 0, '/a', ''],
    ['notebook:save', 1.5, '/a', ''],
    ['notebook:save', 1, '/a', 'x'.repeat(2 ** 24 + 1)],
    ['notebook:journal', '1', ''],
    ['run:start'],
    ['run:start', { ...run, budget: { states: Number.POSITIVE_INFINITY, seconds: 1 } }],
    ['run:start', { ...run, budget: { states: -1, seconds: 1 } }],
    ['run:start', { ...run, cells: [-1] }],
    ['run:start', { ...run, kernels: [{}] }],
    ['run:stop', Number.NaN],
    ['report:text', { runId: 1, format: 'exe', experiments: null, kernels: null, inReplyTo: null }],
    ['theme:set', 'pink'],
  ];
  it.each(hostile.map(([channel, ...args]) => ({ channel, args })))(
    '$channel refuses $args',
    async ({ channel, args }) => {
      const answer = await ask(channel, ...args);
      expect(answer).toMatchObject({ ok: false, problem: { message: expect.stringMatching(/not taken.*\.$/s) } });
      expect(called).toEqual([]);
    },
  );

  it('drops fields that the contract does not know', async () => {
    await ask('run:start', { ...run, __extra: 'x', budget: { states: 1, seconds: 1, more: 1 } });
    expect(called[0]?.args).toEqual([run]);
  });

  it('never lets a handler see arguments of another shape, whatever is sent', async () => {
    const channel = fc.constantFrom(...REQUEST_CHANNELS);
    const sent: [RequestChannel, unknown[]][] = [];
    holds(fc.tuple(channel, fc.array(fc.anything(), { maxLength: 4 })), (pair) => {
      sent.push(pair);
    });
    for (const [name, args] of sent) {
      called.length = 0;
      await ask(name, ...args);
      for (const call of called) for (const value of call.args) expect(['string', 'number']).toContain(typeof value);
    }
  });
});

describe('telling the window', () => {
  it('sends events of the contract, and nothing to a window that is gone', () => {
    const sent: unknown[][] = [];
    let destroyed = false;
    const contents: WebContents = Object.assign(Object.create(null), {
      isDestroyed: () => destroyed,
      send: (...args: unknown[]) => sent.push(args),
    });
    const tell = teller(() => contents);
    tell('menu:command', 'run.all');
    destroyed = true;
    tell('menu:command', 'run.stop');
    teller(() => null)('menu:command', 'run.stop');
    expect(sent).toEqual([['menu:command', 'run.all']]);
  });
});
