/**
 * The first script of a worker in which a notebook runs; the engine's text follows it in the same worker. Author's code
 * shares this realm with the engine, so everything needed later is captured here first and nothing is looked up on a
 * shared prototype afterwards: no method calls, no spread, no for-of. Strict code, because `arguments.callee`, `caller`
 * and `Error.prepareStackTrace` give nothing away then. The port stays in this closure; a nonce ties messages to the run.
 *
 * The engine that follows is closed against the script, too (sealed.ts); main replays every failing trace all the same.
 */
import {
  LANGUAGE_GLOBALS,
  type RealmHost,
  type RealmMessage,
  type RunInit,
  SCRIPT_END,
  SCRIPT_WRAPPER,
  type StartRealm,
} from './protocol.ts';

declare global {
  /** Defined by the engine's text; taken away before a script runs. */
  var __gupbook: StartRealm | undefined;
}
/** Of the worker's own globals, which the page's types do not know. */
declare function importScripts(...urls: string[]): void;

/** What main sends with the port. `bytes` is all that the run may send. */
interface WorkerInit {
  readonly run: RunInit;
  readonly nonce: string;
  readonly bytes: number;
}

/** Nothing that the engine makes is nested deeper: result, failures, trace, places, frames. */
const MAX_DEPTH = 16;

const realm = globalThis;
const { apply, defineProperty, deleteProperty, get, ownKeys } = Reflect;
const { create, getPrototypeOf, keys } = Object;
const { isArray } = Array;
const { createObjectURL, revokeObjectURL } = URL;
const BlobClass = Blob;
const ErrorClass = Error;
const Ints = Int32Array;
const runScripts = importScripts;
const clock = performance;
const readClock = clock.now;
const postToPort = MessagePort.prototype.postMessage;
const dataOf = getter(MessageEvent.prototype, 'data');
const portsOf = getter(MessageEvent.prototype, 'ports');
/** The hidden class name of a typed array: 'Int32Array' ...; undefined for all else, proxies included. */
const classNameOf = getter(getPrototypeOf(Int32Array.prototype), Symbol.toStringTag);
const lengthOf = getter(getPrototypeOf(Int32Array.prototype), 'length');

let started = false;
self.onmessage = (event: MessageEvent<WorkerInit>) => {
  if (started) return;
  started = true;
  const init = apply(dataOf, event, []);
  const ports = apply(portsOf, event, []);
  const start = realm.__gupbook;
  deleteProperty(realm, '__gupbook');
  if (start === undefined) throw new ErrorClass('the engine did not start');
  serve(init, ports[0], start);
};
strip();

/** The getter behind a property, so that it can be read however the prototype is changed later. */
function getter(prototype: object, key: PropertyKey) {
  const read = Object.getOwnPropertyDescriptor(prototype, key)?.get;
  if (read === undefined) throw new Error(`the worker has no ${String(key)}`);
  return read;
}

/** Takes every global away that is not one of {@link LANGUAGE_GLOBALS}, and chance; the handler set above stays set. */
function strip(): void {
  deleteProperty(Math, 'random');
  for (let object = realm; object !== null && object !== Object.prototype; object = getPrototypeOf(object)) {
    for (const key of ownKeys(object)) {
      const kept = typeof key === 'symbol' || LANGUAGE_GLOBALS.has(key) || (key === 'constructor' && object !== realm);
      if (!kept) deleteProperty(object, key);
    }
  }
}

/** Runs one script and its searches, from beginning to end. */
function serve(init: WorkerInit, port: MessagePort, start: StartRealm): void {
  let left = init.bytes;
  let closed = false;
  const post = (key: 'message' | 'overflow', value: unknown) => {
    const wire: object = create(null);
    put(wire, 'nonce', init.nonce);
    put(wire, key, value);
    apply(postToPort, port, [wire]);
  };
  const spend = (bytes: number) => {
    left -= bytes;
    if (left < 0) throw new ErrorClass('the run sent more than it may');
  };
  const send = (message: RealmMessage) => {
    if (closed) return;
    let copy: unknown;
    try {
      copy = pack(message, spend, 0);
    } catch (refused) {
      closed = true;
      post('overflow', true);
      throw refused;
    }
    post('message', copy);
  };
  const host: RealmHost = { shift: SCRIPT_WRAPPER.length, evaluate, send, now: () => apply(readClock, clock, []) };
  start(host)(init.run);
}

/**
 * A plain copy of what is sent: no getters, no proxies, no view into a larger buffer, no more bytes than `spend` allows.
 * What the copy holds is what was counted.
 */
function pack(value: unknown, spend: (bytes: number) => void, depth: number): unknown {
  if (typeof value === 'string') {
    spend(8 + 2 * value.length);
    return value;
  }
  spend(8);
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'function' || typeof value === 'symbol') throw new ErrorClass('only data can be sent');
    return value;
  }
  if (depth > MAX_DEPTH) throw new ErrorClass('what was sent is nested too deep');
  if (isInts(value)) {
    spend(4 * apply(lengthOf, value, []));
    return new Ints(value);
  }
  return isArray(value) ? packList(value, spend, depth + 1) : packRecord(value, spend, depth + 1);
}

function packList(list: readonly unknown[], spend: (bytes: number) => void, depth: number): unknown[] {
  const copy: unknown[] = [];
  const { length } = list;
  for (let i = 0; i < length; i++) put(copy, i, pack(list[i], spend, depth));
  return copy;
}

function packRecord(record: object, spend: (bytes: number) => void, depth: number): object {
  const copy: object = create(null);
  const names = keys(record);
  const { length } = names;
  for (let i = 0; i < length; i++) {
    const name = names[i] ?? '';
    spend(2 * name.length);
    put(copy, name, pack(get(record, name), spend, depth));
  }
  return copy;
}

function isInts(value: object): value is Int32Array {
  return apply(classNameOf, value, []) === 'Int32Array';
}

/** Defines an own property past every setter that a script may have put on a prototype. */
function put(object: object, key: PropertyKey, value: unknown): void {
  const slot: PropertyDescriptor = create(null);
  slot.value = value;
  slot.writable = true;
  slot.enumerable = true;
  slot.configurable = true;
  defineProperty(object, key, slot);
}

/**
 * Runs the author's code with exact positions: importScripts keeps lines, and compiles without the right to eval. The
 * wrapper is on line 1, so that only columns of line 1 move. The first body handed over is the code
 * itself: text that closes the wrapper and opens another gains nothing.
 */
function evaluate(code: string, name: string, live: unknown): void {
  const script: { body: ((live: unknown) => () => void) | null } = { body: null };
  put(realm, '__script', (body: (live: unknown) => () => void) => {
    script.body ??= body;
  });
  const text = `${SCRIPT_WRAPPER}${code}${SCRIPT_END}\n//# sourceURL=${name}`;
  const url = createObjectURL(new BlobClass([text], { type: 'text/javascript' }));
  try {
    runScripts(url);
  } finally {
    revokeObjectURL(url);
    deleteProperty(realm, '__script');
  }
  if (script.body !== null) apply(apply(script.body, undefined, [live]), undefined, []);
}
