/**
 * What a script could try to get out, in the real runner's process. Here nothing is taken from the worker (all globals
 * are there), so that the page's policy, its opaque origin and its session stand alone.
 */
import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import type { ElectronApplication } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
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

const blocked: readonly (readonly [string, string])[] = [
  ['fetch of a server', 'return (await fetch(url)).status'],
  ['fetch without cors', 'return (await fetch(url, { mode: "no-cors" })).type'],
  ['fetch of a name', 'return (await fetch("http://localhost/")).status'],
  ['fetch of a file', 'return (await fetch("file:///etc/passwd")).text()'],
  ['fetch of data:', 'return (await fetch("data:text/plain,x")).text()'],
  ['fetch of a blob', 'return (await fetch(URL.createObjectURL(new Blob(["x"])))).text()'],
  ['fetch of its own scheme', 'return (await fetch("gupbook-run://run/")).text()'],
  ["fetch of the window's scheme", 'return (await fetch("gupbook://app/index.html")).text()'],
  ['a synchronous request', 'const x = new XMLHttpRequest(); x.open("GET", url, false); x.send(); return x.status'],
  [
    'a synchronous request of a file',
    'const x = new XMLHttpRequest(); x.open("GET", "file:///etc/passwd", false); x.send(); return x.responseText',
  ],
  ['import() of a server', 'return Object.keys(await import(url + "x.js"))'],
  ['import() of data:', 'return Object.keys(await import("data:text/javascript,export const a = 1"))'],
  ['import() of its own scheme', 'return Object.keys(await import("gupbook-run://run/x.js"))'],
  ["import() of the window's scheme", 'return Object.keys(await import("gupbook://app/assets/index.js"))'],
  ['import() of Node', 'return Object.keys(await import("node:fs"))'],
  ['importScripts of a server', 'importScripts(url + "x.js"); return "ran"'],
  ['importScripts of data:', 'importScripts("data:text/javascript,1"); return "ran"'],
  ['importScripts of a file', 'importScripts("file:///etc/hostname"); return "ran"'],
  ['eval', 'return eval("1 + 1")'],
  ['new Function', 'return new Function("return 1")()'],
  ['WebAssembly', 'return new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))'],
  [
    'IndexedDB',
    'return await new Promise((ok, no) => { const r = indexedDB.open("x"); r.onsuccess = () => ok("open"); r.onerror = () => no(r.error) })',
  ],
  ['OPFS', 'return await navigator.storage.getDirectory()'],
  [
    'a worker of data:',
    'return await new Promise((ok, no) => { const w = new Worker("data:text/javascript,postMessage(1)"); w.onmessage = () => ok("ran"); w.onerror = () => no("error") })',
  ],
  [
    'a worker of its scheme',
    'return await new Promise((ok, no) => { const w = new Worker("gupbook-run://run/w.js"); w.onmessage = () => ok("ran"); w.onerror = () => no("error") })',
  ],
  ['a font', 'return await new FontFace("x", "url(" + url + ")").load()'],
];
it.each(blocked)('%s is refused', async (_name, body) => {
  expect(await attempt(body)).toMatch(/^refused .*(Error|error)/);
});

it.each([
  ['a web socket', 'new WebSocket(url.replace("http", "ws"))'],
  ['server-sent events', 'new EventSource(url)'],
])('%s gets no further than an error', async (_name, source) => {
  const body = `const s = ${source}; return await new Promise((ok, no) => { s.onopen = () => ok("open"); s.onerror = () => no("error") })`;
  expect(await attempt(body)).toMatch(/^refused .*error/i);
});

it.each([
  'process',
  'require',
  'module',
  'electron',
  'RTCPeerConnection',
  'SharedWorker',
  'localStorage',
  'cookieStore',
  'caches',
  'navigator.serviceWorker',
  'navigator.gpu',
  'navigator.sendBeacon',
  'document',
  'window',
])('there is no %s', async (name) => {
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

it('nothing came out of it all', () => {
  expect(reached).toBe(0);
});
