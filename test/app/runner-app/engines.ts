/** Engines that only evaluate: scripts say things with `emit(text)` and are over when they call `done()` or throw. */

/** Follows the product's own hardened worker script, as the real engine does. */
export const ENGINE = `
globalThis.__gupbook = (host) => (init) => {
  globalThis.emit = (text) => host.send({ kind: 'console', text: String(text) });
  globalThis.send = (message) => host.send(message);
  globalThis.done = () => host.send({ kind: 'done' });
  try {
    host.evaluate(init.code, init.name);
  } catch (thrown) {
    host.send({ kind: 'fatal', error: { message: String(thrown), line: 0, column: 0, stack: String(thrown.stack) } });
  }
};
//# sourceURL=engine.js
`;

/** A whole worker with nothing taken away and nothing captured: scripts meet the page's policy alone. */
export const BARE_WORKER = `
self.onmessage = ({ data, ports: [port] }) => {
  const post = (message) => port.postMessage({ nonce: data.nonce, message });
  self.emit = (text) => post({ kind: 'console', text: String(text) });
  self.done = () => post({ kind: 'done' });
  self.port = port;
  importScripts(URL.createObjectURL(new Blob([data.run.code], { type: 'text/javascript' })));
};
`;
