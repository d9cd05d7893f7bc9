/**
 * What a script could try to get out, in the real runner's process. Here nothing is taken from the worker (all globals
 * are there), so that the page's policy, its opaque origin and its session stand alone.
 */
import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import type { ElectronApplication } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ABSENT, BLOCKED, IN_THE_PAGE, UNHEARD } from '../escape/bare.ts';
import { isEscape } from '../escape/outcome.ts';
import { ATTACKS, victim } from '../escape/scripts.ts';
import { retried } from './harness.ts';
import type { Ran } from './runner-app/main.ts';
import { launchRunnerApp } from './runner-app.ts';

let app: ElectronApplication;
let server: Server;
let socket: Socket;
let port = 0;
/** Connections and packets that came out. */
let reached = 0;

beforeAll(async () => {
  server = createServer((connection) => {
    reached++;
    connection.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
  socket = createSocket('udp4');
  socket.on('message', () => reached++);
  await new Promise<void>((resolve) => socket.bind(port, '127.0.0.1', resolve));
  app = await launchRunnerApp();
});
afterAll(async () => {
  await app?.close();
  server?.close();
  socket?.close();
});

/** Runs an async function body in the bare worker; what it returns comes back as text. */
async function attempt(body: string): Promise<string> {
  const code = `
    const url = 'http://127.0.0.1:${port}/';
    const late = new Promise((resolve) => setTimeout(resolve, 1500, 'nothing happened'));
    const tried = (async () => { ${body} })();
    Promise.race([tried, late]).then((got) => emit('got ' + got), (refused) => emit('refused ' + refused)).then(done);`;
  const ran: Ran = await retried(() =>
    app.evaluate((_e, source) => globalThis.runnerApp.run('bare', source, { silence: 5 }), code),
  );
  return ran.messages.flatMap((message) => (message.kind === 'console' ? [message.text] : [])).join('\n');
}

it('the worker has an opaque origin, isolated from all others', async () => {
  expect(await attempt('return [self.origin, crossOriginIsolated, location.protocol].join(" ")')).toBe(
    'got null true blob:',
  );
});

it('a server on this machine would notice', async () => {
  const reachable = await fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => true,
  );
  expect(reachable && reached).toBe(1);
  reached = 0;
});

it.each(BLOCKED)('%s is refused', async (_name, body) => {
  expect(await attempt(body)).toMatch(/^refused .*(Error|error)/);
});

it.each(UNHEARD)('%s gets no further than an error', async (_name, body) => {
  expect(await attempt(body)).toMatch(/^refused .*error/i);
});

it.each(ABSENT)('there is no %s', async (name) => {
  const body = name.includes('.') ? `return typeof ${name}` : `return typeof globalThis[${JSON.stringify(name)}]`;
  expect(await attempt(body)).toBe('got undefined');
});

it('a worker inside the worker is held by the same policy', async () => {
  const inner = 'fetch(URL).then(() => postMessage("fetched"), (e) => postMessage("refused " + e))';
  const body = `const text = ${JSON.stringify(inner)}.replace('URL', JSON.stringify(url));
    const w = new Worker(URL.createObjectURL(new Blob([text])));
    return await new Promise((ok, no) => { w.onmessage = (e) => ok(e.data); w.onerror = () => no('error') })`;
  expect(await attempt(body)).toMatch(/refused/);
});

it('a channel that is shared by name ends in this process', async () => {
  const listen =
    'const c = new BroadcastChannel("x"); return await new Promise((ok) => { c.onmessage = (e) => ok(e.data) })';
  const speak = 'new BroadcastChannel("x").postMessage("heard"); return "sent"';
  const [heard, sent] = await Promise.all([attempt(listen), attempt(speak)]);
  expect([heard, sent]).toEqual(['got nothing happened', 'got sent']);
});

it('permissions are denied', async () => {
  expect(await attempt('return (await navigator.permissions.query({ name: "geolocation" })).state')).toBe('got denied');
});

it('messages without the nonce of the run end it', async () => {
  const forged = 'port.postMessage({ message: { kind: "done" } }); return "sent"';
  expect(await attempt(forged)).toBe('');
});

describe("code in the runner's page, had it a way there", () => {
  it.each(IN_THE_PAGE)('%s reaches nothing', async (_name, code) => {
    const before = reached;
    const state = await retried(() =>
      app.evaluate(
        async ({ BrowserWindow }, [source, at]) => {
          await globalThis.runnerApp.ready('real');
          const windows = () => BrowserWindow.getAllWindows();
          const page = windows().find(({ webContents }) => webContents.getURL() === 'gupbook-run://run/');
          const count = windows().length;
          const text = `(async () => { const port = ${at}, url = 'http://127.0.0.1:${at}/';
            try { ${source} } catch (refused) { return 'refused ' + refused } return 'done' })()`;
          const came = page?.webContents.executeJavaScript(text).catch(String);
          const late = new Promise((later) => setTimeout(later, 4000, 'late'));
          const said = await Promise.race([came, late]);
          await new Promise((later) => setTimeout(later, 300));
          const address = page?.isDestroyed() === false ? page.webContents.getURL() : 'gone';
          return { said: String(said), address, windows: windows().length - count };
        },
        [code, port] as const,
      ),
    );
    expect(state).toMatchObject({ address: 'gupbook-run://run/', windows: 0 });
    expect(state.said).toMatch(/^(?:done|refused)/);
    expect(reached).toBe(before);
  });
});

describe('hostile notebooks in the real runner', () => {
  const outcome = (code: string): Promise<string> =>
    retried(() => app.evaluate((_e, text) => globalThis.runnerApp.outcome(text, { silence: 2, memory: 600 }), code));

  it('the victim itself fails, so that another verdict would tell', async () => {
    expect(await outcome(victim(''))).toBe('victim pin-v5 fail');
  });

  it.each(ATTACKS)('$kind: $attack', async ({ code, seen }) => {
    const came = await outcome(code);
    expect(came).toMatch(seen);
    expect(isEscape(came)).toBe(false);
  });
});

it('nothing came out of it all', () => {
  expect(reached).toBe(0);
});
