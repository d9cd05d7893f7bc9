/**
 * What actors see of the world around them must not change, or states would not be states: arrays and plain objects
 * that a body captured are frozen when it starts. Writing to one throws at the author's own line.
 */
import { live } from './live.ts';

const MOST = 100_000;

/** Freezes what a body captured and all plain data that can be reached from it. */
export function freezeCaptured(body: object): void {
  const rest: unknown[] = [...live.capturedBy(body)];
  for (let n = 0; rest.length > 0 && n < MOST; n++) {
    const value = rest.pop();
    if (typeof value !== 'object' || value === null || Object.isFrozen(value) || !isPlain(value)) continue;
    Object.freeze(value);
    for (const key of Reflect.ownKeys(value)) {
      const property = Reflect.getOwnPropertyDescriptor(value, key);
      if (property !== undefined && 'value' in property) rest.push(property.value);
    }
  }
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
