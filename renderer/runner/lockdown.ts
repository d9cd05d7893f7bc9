/**
 * Locks the language before a script runs. Script and engine share one realm: a script that could replace
 * `Array.prototype.push` or `Map.prototype.get` could make the engine overlook what it should find, and have a pass that
 * was not earned. So everything that the language itself provides is frozen, down to the prototypes that have no name.
 */
import { LANGUAGE_GLOBALS } from './protocol.ts';

/** What the language has and no global names. */
function unnamed(): object[] {
  const iterators = [[], new Map(), new Set(), ''].map((list) => list[Symbol.iterator]());
  return [
    function* () {},
    async () => {},
    async function* () {},
    ...iterators,
    ''.matchAll(/x/g),
    Object.getPrototypeOf(Int32Array),
    // The accessor of `callee`, which every strict `arguments` has.
    (function () {
      // biome-ignore lint/complexity/noArguments: the object itself is wanted.
      return arguments;
    })(),
  ];
}

/** Freezes the language and `more`, with all that can be reached from them. Globals of the realm keep their values. */
export function lockLanguage(realm: typeof globalThis, more: readonly unknown[] = []): void {
  const reached = new Set<object>();
  const visit: unknown[] = [...unnamed(), ...more];
  for (const name of LANGUAGE_GLOBALS) if (name !== 'globalThis') visit.push(Reflect.get(realm, name));
  while (visit.length > 0) {
    const value = visit.pop();
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) continue;
    if (value === realm || reached.has(value)) continue;
    reached.add(value);
    visit.push(Object.getPrototypeOf(value));
    for (const key of Reflect.ownKeys(value)) {
      const { value: held, get, set } = Object.getOwnPropertyDescriptor(value, key) ?? {};
      visit.push(held, get, set);
    }
  }
  const errors = [...reached].filter((object) => object === Error.prototype || object instanceof Error);
  for (const prototype of [Object.prototype, ...errors]) letInheritorsDiffer(prototype);
  for (const object of reached) {
    if (isBehindTypedArrays(object)) holdAll(object);
    else if (object !== Error) Object.freeze(object);
  }
  lockError();
  for (const key of Reflect.ownKeys(realm)) hold(realm, key);
}

/**
 * `this.name = 'MyError'` must go on making a property of its own: what is frozen on a prototype could not be assigned on
 * what inherits from it.
 */
function letInheritorsDiffer(prototype: object): void {
  for (const key of Reflect.ownKeys(prototype)) {
    const found = Object.getOwnPropertyDescriptor(prototype, key);
    if (found === undefined || !('value' in found) || found.configurable !== true) continue;
    const original: unknown = found.value;
    const { get, set } = {
      get: () => original,
      set(this: unknown, value: unknown) {
        if (this === prototype || typeof this !== 'object' || this === null)
          throw new TypeError('the language is locked');
        Object.defineProperty(this, key, { value, writable: true, enumerable: true, configurable: true });
      },
    };
    for (const accessor of [get, set]) Object.freeze(accessor);
    Object.defineProperty(prototype, key, { get, set, enumerable: found.enumerable === true, configurable: false });
  }
}

/** What the engine itself sets while it looks where it is. To a script, frames of strict code tell places and no more. */
const SET_BY_ENGINE: readonly PropertyKey[] = ['stackTraceLimit', 'prepareStackTrace'];

function lockError(): void {
  if (!('prepareStackTrace' in Error))
    Object.defineProperty(Error, 'prepareStackTrace', { value: undefined, writable: true });
  for (const key of Reflect.ownKeys(Error)) if (!SET_BY_ENGINE.includes(key)) hold(Error, key);
  Object.preventExtensions(Error);
}

/**
 * Prototypes of typed arrays. Elements of a frozen prototype are read-only, and V8 then looks for them at every store into
 * a typed array, which made searches take twice the time; without elements nothing need be frozen there.
 */
function isBehindTypedArrays(object: object): boolean {
  const typedArrays = Object.getPrototypeOf(Int32Array.prototype);
  return object === Object.prototype || object === typedArrays || Object.getPrototypeOf(object) === typedArrays;
}

/** As freezing does, but for the elements. */
function holdAll(object: object): void {
  for (const key of Reflect.ownKeys(object)) hold(object, key);
  Object.preventExtensions(object);
}

/** Makes one property what it is for ever. */
function hold(object: object, key: PropertyKey): void {
  const found = Object.getOwnPropertyDescriptor(object, key);
  if (found === undefined || found.configurable !== true) return;
  Reflect.defineProperty(
    object,
    key,
    'value' in found ? { writable: false, configurable: false } : { configurable: false },
  );
}
