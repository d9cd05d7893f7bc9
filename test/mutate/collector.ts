/**
 * Stands in for vitest: the same tests, as a list of functions that can be run in any order and again and again. Only
 * what the tests of the model use is here; anything else is an error when a test asks for it.
 */
import { isDeepStrictEqual } from 'node:util';

export interface CollectedTest {
  readonly name: string;
  readonly slow: boolean;
  readonly run: () => Promise<void>;
}

type Body = () => void | Promise<void>;
type Options = { readonly timeout?: number };

const collected: CollectedTest[] = [];
const around: string[] = [];
let slow = false;

/** Tests that are collected from now on search, and take their time. */
export function slowFromHereOn(): void {
  slow = true;
}
const waiting: Promise<void>[] = [];

/** Every describe() has been run. */
export async function allCollected(): Promise<readonly CollectedTest[]> {
  for (let n = 0; n < waiting.length; n++) await waiting[n];
  return collected;
}

export function describe(name: string, body: Body): void {
  around.push(name);
  const result = body();
  around.pop();
  if (result instanceof Promise) waiting.push(result);
}

function formatted(name: string, values: readonly unknown[]): string {
  let i = 0;
  return name.replace(/%[sdifj]/g, () => String(values[i++]));
}

function add(name: string, first: Options | Body | undefined, second?: Body | number): void {
  const body = typeof first === 'function' ? first : second;
  if (typeof body !== 'function') throw new TypeError(`test "${name}" has no body`);
  collected.push({ name: [...around, name].join(' > '), slow, run: async () => body() });
}

function each(rows: readonly unknown[]) {
  return (name: string, first: unknown, second?: unknown): void => {
    const body = typeof first === 'function' ? first : second;
    if (typeof body !== 'function') throw new TypeError(`test "${name}" has no body`);
    for (const row of rows) {
      const values = Array.isArray(row) ? row : [row];
      add(formatted(name, values), async () => body(...values));
    }
  };
}

export const test = Object.assign(add, { each, skipIf: (skip: boolean) => (skip ? () => {} : add) });
export const it = test;
export const vi = { setConfig(): void {} };

class Unmet extends Error {}

function shown(value: unknown): string {
  return String(typeof value === 'object' ? JSON.stringify(value) : value).slice(0, 200);
}

function contains(actual: unknown, wanted: unknown): boolean {
  if (typeof actual === 'string') return actual.includes(String(wanted));
  return Array.isArray(actual) && actual.includes(wanted);
}

function lengthOf(value: unknown): unknown {
  return typeof value === 'string' || Array.isArray(value) ? value.length : undefined;
}

function matchers(actual: unknown, holds: (name: string, yes: boolean, wanted: unknown) => void) {
  return {
    toBe: (wanted: unknown) => holds('toBe', Object.is(actual, wanted), wanted),
    toEqual: (wanted: unknown) => holds('toEqual', isDeepStrictEqual(actual, wanted), wanted),
    toMatch: (wanted: RegExp) => holds('toMatch', wanted.test(String(actual)), wanted),
    toContain: (wanted: unknown) => holds('toContain', contains(actual, wanted), wanted),
    toHaveLength: (wanted: number) => holds('toHaveLength', lengthOf(actual) === wanted, wanted),
    toBeGreaterThan: (wanted: number) => holds('toBeGreaterThan', Number(actual) > wanted, wanted),
    toBeNull: () => holds('toBeNull', actual === null, null),
  };
}

export function expect(actual: unknown) {
  const judge = (want: boolean) => (name: string, yes: boolean, wanted: unknown) => {
    if (yes !== want) throw new Unmet(`${want ? '' : 'not '}${name}: ${shown(actual)}, wanted ${shown(wanted)}`);
  };
  return { ...matchers(actual, judge(true)), not: matchers(actual, judge(false)) };
}
