/**
 * What actors see of the world around them must not change, or states would not be states: what a body captured is
 * frozen when it starts, and what can be reached from it. Writing to it throws at the author's own line.
 */
import { ScriptMisuse } from '../errors.ts';
import { live } from './live.ts';

const MOST = 100_000;

/** Freezes what a body captured and all data that can be reached from it. @throws ScriptMisuse for what cannot be frozen */
export function freezeCaptured(body: object): void {
  const rest: unknown[] = [...live.capturedBy(body)];
  for (let n = 0; rest.length > 0 && n < MOST; n++) {
    const value = rest.pop();
    if (typeof value !== 'object' || value === null || Object.isFrozen(value)) continue;
    if (value instanceof Map) rest.push(...value.keys(), ...value.values());
    else if (value instanceof Set) rest.push(...value);
    if (value instanceof Map || value instanceof Set) closeCollection(value);
    freeze(value);
    for (const key of Reflect.ownKeys(value)) {
      const property = Reflect.getOwnPropertyDescriptor(value, key);
      if (property !== undefined && 'value' in property) rest.push(property.value);
    }
  }
}

function freeze(value: object): void {
  if (ArrayBuffer.isView(value))
    throw new ScriptMisuse('actors see a typed array, which cannot be kept from changing: use an array');
  Object.freeze(value);
}

const MUTATORS = ['set', 'add', 'delete', 'clear'];

/** Freezing leaves what is in a Map or Set open to its methods, so these go. */
function closeCollection(collection: object): void {
  const refuse = (): never => {
    throw new ScriptMisuse('actors see this Map or Set: keep what actors share in words (lab.word)');
  };
  for (const name of MUTATORS) if (name in collection) Object.defineProperty(collection, name, { value: refuse });
}
