/** The head of a checkpoint: what of a search is written anew each time, as text. */
import type { CheckKind } from '../../result.ts';
import type { ActorKind } from '../../trace.ts';
import type { SavedFinding } from '../findings.ts';
import type { Visible } from '../fusion.ts';
import { Unfit } from './record.ts';

/** Where the loop of a search is. */
export interface Counters {
  /** The state that is expanded next. */
  readonly current: number;
  readonly expanded: number;
  /** Distance up to which findings are settled. */
  readonly distance: number;
  readonly transitions: number;
  readonly executions: number;
  /** States that were there when something broke first; null where nothing did. */
  readonly brokenAt: number | null;
  /** Milliseconds that the search took so far. */
  readonly elapsed: number;
}

export interface Head {
  readonly visible: {
    readonly words: readonly string[];
    readonly irqs: boolean;
    readonly trusted: readonly string[];
    readonly trustsIrqs: boolean;
    readonly weighted: boolean;
    readonly apart: readonly string[];
    readonly asymmetric: boolean;
    readonly kin: readonly (readonly string[])[];
    readonly kinds: readonly ActorKind[];
  };
  readonly counters: Counters;
  /** Number of states in the record. */
  readonly states: number;
  readonly frontier: readonly (readonly number[])[];
  /** States on their way into the set. */
  readonly batch: readonly (readonly number[])[];
  readonly readers: readonly (readonly number[])[];
  readonly findings: readonly SavedFinding[];
  /** What must be the same when the record was followed: components with their values, and the layout. */
  readonly tables: readonly (readonly number[])[];
}

/** @throws Unfit */
export function readHead(text: string): Head {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Unfit('the head is no JSON');
  }
  if (!isHead(value)) throw new Unfit('the head lacks something');
  return value;
}

/** What a search that goes on takes for visible. */
export function visibleOf({ visible }: Head): Visible {
  const { words, irqs, trusted, trustsIrqs, weighted, apart, asymmetric, kin, kinds } = visible;
  return {
    words: new Set(words),
    irqs,
    trusted: new Set(trusted),
    trustsIrqs,
    weighted,
    apart: new Set(apart),
    asymmetric,
    kin: kin.map((group) => [...group]),
    kinds: new Map(kin.map(([first = ''], i) => [first, kinds[i] ?? 'task'])),
  };
}

export function savedVisible(visible: Visible): Head['visible'] {
  const { words, irqs, trusted, trustsIrqs, weighted, apart, asymmetric, kin = [], kinds } = visible;
  return {
    words: [...words],
    irqs,
    trusted: [...(trusted ?? [])],
    trustsIrqs: trustsIrqs === true,
    weighted: weighted === true,
    apart: [...(apart ?? [])],
    asymmetric: asymmetric === true,
    kin: kin.map((group) => [...group]),
    kinds: kin.map(([first = '']) => kinds?.get(first) ?? 'task'),
  };
}

function isHead(value: unknown): value is Head {
  return (
    has(value, 'visible') &&
    has(value.visible, 'words') &&
    isList(value.visible.words, isText) &&
    has(value.visible, 'irqs') &&
    has(value.visible, 'trusted') &&
    isList(value.visible.trusted, isText) &&
    has(value.visible, 'trustsIrqs') &&
    has(value.visible, 'weighted') &&
    has(value.visible, 'asymmetric') &&
    has(value.visible, 'apart') &&
    isList(value.visible.apart, isText) &&
    has(value.visible, 'kin') &&
    isList(value.visible.kin, (group): group is readonly string[] => isList(group, isText)) &&
    has(value.visible, 'kinds') &&
    isList(value.visible.kinds, isActorKind) &&
    has(value, 'counters') &&
    ['current', 'expanded', 'distance', 'transitions', 'executions', 'elapsed'].every(
      (name) => has(value.counters, name) && isNumber(value.counters[name]),
    ) &&
    has(value.counters, 'brokenAt') &&
    has(value, 'states') &&
    isNumber(value.states) &&
    (['frontier', 'batch', 'readers', 'tables'] as const).every((name) => has(value, name) && isTable(value[name])) &&
    has(value, 'findings') &&
    isList(value.findings, isFinding)
  );
}

function isFinding(value: unknown): value is SavedFinding {
  return (
    ['check', 'kind', 'source'].every((name) => has(value, name) && isText(value[name])) &&
    has(value, 'kind') &&
    isKind(value.kind) &&
    has(value, 'distance') &&
    isNumber(value.distance) &&
    has(value, 'settled') &&
    has(value, 'ends') &&
    isList(value.ends, (end): end is SavedFinding['ends'][number] => has(end, 'end') && has(end, 'message'))
  );
}

const KINDS: readonly CheckKind[] = ['builtin', 'always', 'finally', 'deadlock', 'assert'];

function isKind(value: unknown): value is CheckKind {
  return KINDS.some((kind) => kind === value);
}

function isActorKind(value: unknown): value is ActorKind {
  return value === 'task' || value === 'irq' || value === 'kthread';
}

function has<K extends string>(value: unknown, key: K): value is Record<K, unknown> {
  return typeof value === 'object' && value !== null && key in value;
}

function isList<T>(value: unknown, isOne: (one: unknown) => one is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isOne);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isTable(value: unknown): value is readonly (readonly number[])[] {
  return isList(value, (row): row is readonly number[] => isList(row, isNumber));
}
