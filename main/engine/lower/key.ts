/**
 * Values as text, so that equal texts mean that a program cannot tell the values apart: numbers, strings and the like
 * by value; arrays, plain objects and records by what is in them and by who else refers to them; everything else (the
 * engine's pages and words, functions, instances of classes) by which one it is.
 */
import { ArrayCursor } from './cursor.ts';

/** What a generator function took from around it. */
export interface Captured {
  /** `line:column name,name`. */
  readonly site: string;
  readonly values: () => readonly unknown[];
}

const records = new WeakSet<object>();

/** Instances of these classes are data: all that matters of them is in their own properties. */
export function registerRecords(...classes: readonly { readonly prototype: object }[]): void {
  for (const { prototype } of classes) records.add(prototype);
}

const handles = new WeakSet<object>();

/** Instances of these classes are the world's own things, of which it has one each: which one it is says it all. */
export function registerHandles(...classes: readonly { readonly prototype: object }[]): void {
  for (const { prototype } of classes) handles.add(prototype);
}

/** What a value that writes its own key says of itself (`liveKey`): a list of 262,144 pages is one run to it. */
function ownKey(value: object): string | null {
  if (Object.getPrototypeOf(value) === Array.prototype || !Array.isArray(value)) return null;
  const key: unknown = Reflect.get(value, 'liveKey');
  return typeof key === 'string' ? key : null;
}

export function isHandle(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return typeof prototype === 'object' && prototype !== null && handles.has(prototype);
}

function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return true;
  return typeof prototype === 'object' && records.has(prototype);
}

/** Numbers of things that are told apart by identity, in the order in which they were met. */
const identities = new WeakMap<object, number>();
let lastIdentity = 0;

function identityOf(value: object): number {
  let number = identities.get(value);
  if (number === undefined) {
    number = ++lastIdentity;
    identities.set(value, number);
  }
  return number;
}

export class KeyWriter {
  /** Identity of the last thing, not the world's own, that was told apart by it; 0 for none. */
  identity = 0;
  private readonly parts: string[] = [];
  private readonly seen = new Map<object, number>();
  private readonly bodies: WeakMap<object, Captured>;
  private readonly names: ReadonlyMap<object, string>;

  /** Things in `names` are written by these, whatever they are. */
  constructor(bodies: WeakMap<object, Captured>, names: ReadonlyMap<object, string> = new Map()) {
    this.bodies = bodies;
    this.names = names;
  }

  get key(): string {
    return this.parts.join('');
  }

  text(text: string): void {
    this.parts.push(text);
  }

  value(value: unknown): void {
    switch (typeof value) {
      case 'number':
        this.parts.push(Object.is(value, -0) ? ';-0' : `;${value}`);
        break;
      case 'string':
        this.parts.push(`;"${value.length}"${value}`);
        break;
      case 'object':
        if (value === null) this.parts.push(';null');
        else this.object(value);
        break;
      case 'function':
        this.object(value);
        break;
      default:
        this.parts.push(`;${typeof value} ${String(value)}`);
    }
  }

  private object(value: object): void {
    const name = this.names.get(value);
    if (name !== undefined) {
      this.parts.push(`;#${name}`);
      return;
    }
    const isData = Array.isArray(value) || isRecord(value) || value instanceof Map || value instanceof Set;
    const captured = isData ? undefined : this.bodies.get(value);
    if (!isData && captured === undefined && !(value instanceof ArrayCursor) && !isNumbers(value)) {
      const identity = identityOf(value);
      if (!isHandle(value)) this.identity = identity;
      this.parts.push(`;@${identity}`);
      return;
    }
    const before = this.seen.get(value);
    if (before !== undefined) {
      this.parts.push(`;^${before}`);
      return;
    }
    this.seen.set(value, this.seen.size);
    const own = ownKey(value);
    if (own !== null) this.parts.push(`;${own}`);
    else if (Array.isArray(value)) this.array(value);
    else if (value instanceof ArrayCursor) this.list(`>${value.method}${value.index}`, [value.array]);
    else if (value instanceof Map) this.list('M', [...value].flat());
    else if (value instanceof Set) this.list('S', [...value]);
    else if (captured !== undefined) this.list(`f${captured.site}`, captured.values());
    else if (isNumbers(value)) this.parts.push(`;t${Object.prototype.toString.call(value)}${value.toString()}`);
    else this.record(value, Reflect.ownKeys(value));
  }

  private array(array: readonly unknown[]): void {
    this.parts.push(`;[${array.length}`);
    for (let i = 0; i < array.length; ) {
      const run = runFrom(array, i);
      if (run > 1) this.parts.push(`;*${run}`);
      if (i in array) this.value(array[i]);
      else this.parts.push(';-');
      i += run;
    }
    const named = Reflect.ownKeys(array).filter((key) => !isElement(key));
    if (named.length > 0 || Object.getPrototypeOf(array) !== Array.prototype) this.record(array, named);
  }

  private record(value: object, keys: readonly (string | symbol)[]): void {
    const prototype: unknown = Object.getPrototypeOf(value);
    this.parts.push(`;{${typeof prototype === 'object' && prototype !== null ? identityOf(prototype) : 0}`);
    for (const key of keys) {
      this.value(key);
      const property = Reflect.getOwnPropertyDescriptor(value, key);
      if (property !== undefined && 'value' in property) this.value(property.value);
      else this.parts.push(`;@${identityOf(value)}`);
    }
    this.parts.push(';}');
  }

  private list(kind: string, values: readonly unknown[]): void {
    this.parts.push(`;${kind};${values.length}`);
    for (const value of values) this.value(value);
  }
}

function isElement(key: string | symbol): boolean {
  if (typeof key === 'symbol') return false;
  const first = key.charCodeAt(0);
  return key === 'length' || (first >= 48 && first <= 57);
}

function isNumbers(value: object): boolean {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/**
 * How many elements from `i` on are things numbered one after the other: the 512 subpages of a 2 MB page are written
 * as one run.
 */
function runFrom(array: readonly unknown[], i: number): number {
  let number = numberOf(array[i]);
  if (number === 0) return 1;
  let run = 1;
  while (i + run < array.length && numberOf(array[i + run]) === ++number) run++;
  return run;
}

function numberOf(value: unknown): number {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isRecord(value)) return 0;
  if (value instanceof Map || value instanceof Set || value instanceof ArrayCursor || isNumbers(value)) return 0;
  return identityOf(value);
}
