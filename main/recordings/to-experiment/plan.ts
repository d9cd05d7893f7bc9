/**
 * From a page's events to what actors do: calls that take, calls that give back and what they give back, and what else
 * happened to the page. Everything that cannot become a call is kept as a remark with its line.
 */
import type { ReadCall, Reading } from '../explain/follow.ts';
import { type EventBatch, NO_CPU, Ref } from '../traces/event-batch.ts';
import { BIAS } from '../traces/moves.ts';
import type { Account, Source } from '../traces/suspicion.ts';
import type { PageHistory } from '../traces/timeline-text.ts';

/** A task, or a CPU's interrupts. */
export interface Actor {
  readonly name: string;
  readonly irq: boolean;
}

export interface TakeDeed {
  readonly kind: 'take';
  readonly actor: Actor;
  readonly line: number;
  /** Unique among the takes. */
  readonly id: number;
  /** A GUP call, or a system call that takes in a form of its own. */
  readonly how: 'pin' | 'get' | 'dio' | 'uring' | 'pipe';
  /** Without page tables: get_page(). */
  readonly bare: boolean;
  readonly fast: boolean;
  readonly longterm: boolean;
  /** Pages of the folio. */
  readonly pages: number;
}

export interface ReleaseDeed {
  readonly kind: 'release';
  readonly actor: Actor;
  readonly line: number;
  /** What it gives back: takes, and how many of their pages. */
  readonly of: readonly { readonly id: number; readonly pages: number }[];
  /** In one call for all pages, or in one for each. */
  readonly each: boolean;
  /** A put gives back what was pinned, or an unpin what was not. */
  readonly mixed: boolean;
}

export interface OtherDeed {
  readonly kind: 'other';
  readonly actor: Actor;
  readonly line: number;
  readonly what: 'munmap' | 'fork' | 'madvise_dontneed' | 'split_huge_pmd' | 'split_huge_page' | 'reclaim' | 'migrate';
}

export interface Remark {
  readonly kind: 'remark';
  readonly actor: Actor;
  readonly line: number;
  readonly text: string;
}

export type Deed = TakeDeed | ReleaseDeed | OtherDeed | Remark;

export interface Plan {
  readonly large: boolean;
  /** References beside the mapping's that were there before and are there at the end. */
  readonly keepers: number;
  readonly deeds: readonly Deed[];
  /** Takes that nothing gives back. */
  readonly open: readonly number[];
}

/** The plan of the page's longest life. */
export function planOf({ timeline, accounts }: PageHistory, reading: Reading, source: Source): Plan {
  const account = longest(accounts);
  const { events } = timeline;
  const large = isLarge(events, account, source);
  const planner = new Planner(events, account, source, large);
  const odd = reading.odd.map(({ row, got }) => ({ row, got }));
  for (const call of reading.calls) {
    const [row = 0] = call.rows;
    for (let next = odd[0]; next !== undefined && next.row <= row; next = odd[0]) {
      odd.shift();
      if (next.row !== row) planner.oddity(next.row, next.got);
    }
    planner.call(call);
  }
  for (const { row, got } of odd) planner.oddity(row, got);
  return planner.plan();
}

function longest(accounts: readonly Account[]): Account {
  let best = accounts[0];
  for (const account of accounts) if (lengthOf(account) > lengthOf(best)) best = account;
  if (best === undefined) throw new RangeError('a page without events has no life');
  return best;
}

function lengthOf(account: Account | undefined): number {
  return account === undefined ? 0 : account.life.to - account.life.from;
}

function isLarge(events: EventBatch, { life }: Account, source: Source): boolean {
  for (let row = life.from; row < life.to; row++) {
    if (events.op[row] !== Ref.set && `|${source.flags(events.flags[row] ?? 0)}|`.includes('|head|')) return true;
  }
  return false;
}

class Planner {
  private readonly events: EventBatch;
  private readonly account: Account;
  private readonly source: Source;
  private readonly large: boolean;
  private readonly deeds: Deed[] = [];
  private readonly actors = new Map<string, Actor>();
  /** For each row of a take: the deed it became. */
  private readonly takes = new Map<number, TakeDeed>();
  private mapped = true;
  private settled: boolean;
  private next = 1;

  constructor(events: EventBatch, account: Account, source: Source, large: boolean) {
    this.events = events;
    this.account = account;
    this.source = source;
    this.large = large;
    // A life that begins in the trace is told from the moment at which the page is mapped.
    this.settled = !account.life.begins;
  }

  call(call: ReadCall): void {
    const [row = 0] = call.rows;
    const { life } = this.account;
    if (row < life.from || row >= life.to) return;
    const names = call.endings.map((ending) => ending.call);
    if (!this.settled) {
      this.settled = true;
      this.remark(row, 'the page is allocated and mapped: the experiment begins here');
      return;
    }
    const other = otherOf(names);
    const does = new Set(call.endings.map((ending) => ending.does));
    if (does.has('take') && this.amountOf(call) > 0) this.take(call, names);
    else if (does.has('release') && this.amountOf(call) < 0) this.release(call, names);
    else if (other !== null) this.other(row, other);
    else
      this.remark(row, names[0] === undefined || names[0] === '' ? 'unknown to the model' : `looks like ${names[0]}`);
  }

  /** An event that begins no call of the kernel. */
  oddity(row: number, got: string): void {
    const { life } = this.account;
    if (row >= life.from && row < life.to) this.remark(row, `no call of the model does this: ${got}`);
  }

  plan(): Plan {
    const given = new Set(this.deeds.flatMap((deed) => (deed.kind === 'release' ? deed.of.map(({ id }) => id) : [])));
    const open = [...new Set(this.takes.values())].map(({ id }) => id).filter((id) => !given.has(id));
    const { prior } = this.account.pairing;
    const keepers = Math.max(0, this.account.life.begins ? 0 : prior - (this.mapped ? 1 : 0));
    return { large: this.large, keepers, deeds: this.deeds, open };
  }

  private amountOf({ rows }: ReadCall): number {
    return rows.reduce((sum, row) => sum + this.moved(row), 0);
  }

  /** What the row moves, by the account's moves: a half of a pin counts as the whole, once. */
  private moved(row: number): number {
    return this.account.moves.find((move) => move.row === row)?.amount ?? 0;
  }

  private take(call: ReadCall, names: readonly string[]): void {
    const [row = 0] = call.rows;
    const amount = this.amountOf(call);
    const pinned = !this.large && amount >= BIAS && amount % BIAS === 0;
    const role = this.account.moves.find((move) => move.row === row)?.role?.role;
    const own = systemCallOf(names);
    const pages = this.large ? Math.min(512, (own === null ? null : call.endings[0]?.pages) ?? amount) : 1;
    const how = own ?? (this.large ? this.howLarge(names, role ?? null) : pinned ? 'pin' : 'get');
    const wanted = names.filter((name) => name.startsWith(how === 'pin' ? 'pin_user_pages' : 'get_user_pages'));
    const deed: TakeDeed = {
      kind: 'take',
      actor: this.actorAt(row),
      line: this.lineOf(row),
      id: this.next++,
      how,
      bare: wanted.length === 0 && names.includes('get_page()'),
      fast: wanted.length === 0 || wanted.some((name) => name.includes('_fast')),
      longterm: wanted.length > 0 && wanted.every((name) => name.includes('LONGTERM')),
      pages,
    };
    this.deeds.push(deed);
    for (const one of call.rows) this.takes.set(one, deed);
  }

  /** A large folio's count does not tell pins from references; a stack does, and what takes so many at once pins. */
  private howLarge(names: readonly string[], role: string | null): 'pin' | 'get' {
    if (role === 'pin') return 'pin';
    if (role !== null) return 'get';
    return names.some((name) => name.startsWith('pin_user_pages')) ? 'pin' : 'get';
  }

  private release(call: ReadCall, names: readonly string[]): void {
    const { moves, pairing } = this.account;
    const [row = 0] = call.rows;
    const rows = new Set(call.rows);
    const given = new Map<number, number>();
    let mixed = false;
    for (const pair of pairing.pairs) {
      const [taken, release] = [moves[pair.take], moves[pair.release]];
      if (taken === undefined || release === undefined || !rows.has(release.row)) continue;
      const deed = this.takes.get(taken.row);
      if (deed === undefined) continue;
      const unit = this.large || taken.kind !== 'pin' ? 1 : BIAS;
      given.set(deed.id, (given.get(deed.id) ?? 0) + pair.amount / unit);
      mixed ||= pair.mixed;
    }
    if (given.size === 0) {
      this.fromBefore(call, names);
      return;
    }
    const of = [...given]
      .sort((a, b) => a[0] - b[0])
      .map(([id, pages]) => ({ id, pages: Math.max(1, Math.round(pages)) }));
    const each = call.rows.length > 1 && of.reduce((sum, { pages }) => sum + pages, 0) >= call.rows.length;
    this.deeds.push({ kind: 'release', actor: this.actorAt(row), line: this.lineOf(row), of, each, mixed });
  }

  /** A release of what was there before: the mapping's reference, or one of somebody else. */
  private fromBefore({ rows }: ReadCall, names: readonly string[]): void {
    const [row = 0] = rows;
    const unmaps = names.some((name) => name.startsWith('munmap()'));
    const role = this.account.moves.find((move) => move.row === row)?.role?.role;
    // munmap() may drain the batch first: then it is one call of two events.
    const drains = rows.length === 1 && (role === 'lru' || this.waited(row));
    if (unmaps && this.mapped && !drains) {
      this.mapped = false;
      this.other(row, 'munmap');
      return;
    }
    this.remark(row, drains ? 'an LRU batch is drained' : 'gives back a reference from before the trace');
  }

  /** The page was not on the LRU before this event, and is now: what a drain does. */
  private waited(row: number): boolean {
    if (this.large || row === 0) return false;
    const isOnLru = (at: number): boolean => `|${this.source.flags(this.events.flags[at] ?? 0)}|`.includes('|lru|');
    return isOnLru(row) && !isOnLru(row - 1);
  }

  private other(row: number, what: OtherDeed['what']): void {
    this.deeds.push({ kind: 'other', actor: this.actorAt(row), line: this.lineOf(row), what });
  }

  private remark(row: number, text: string): void {
    this.deeds.push({ kind: 'remark', actor: this.actorAt(row), line: this.lineOf(row), text });
  }

  private lineOf(row: number): number {
    return this.events.line[row] ?? 0;
  }

  private actorAt(row: number): Actor {
    const { context, cpu, task } = this.events;
    const irq = context[row] !== 0;
    const on = cpu[row] === NO_CPU ? '' : ` on CPU ${cpu[row]}`;
    const named = this.source.task(task[row] ?? 0);
    const name = irq ? `interrupt${on}` : named === '' ? `a task${on}` : named;
    const known = this.actors.get(name);
    if (known !== undefined) return known;
    const actor = { name, irq };
    this.actors.set(name, actor);
    return actor;
  }
}

/** What takes pages in a form that no GUP call alone has. */
function systemCallOf(names: readonly string[]): TakeDeed['how'] | null {
  const every = (prefix: string): boolean => names.length > 0 && names.every((name) => name.startsWith(prefix));
  if (every('O_DIRECT ')) return 'dio';
  if (every('io_uring register')) return 'uring';
  return every('vmsplice()') ? 'pipe' : null;
}

const OTHERS: readonly (readonly [RegExp, OtherDeed['what']])[] = [
  [/^fork\(\)/, 'fork'],
  [/^madvise\(MADV_DONTNEED\)/, 'madvise_dontneed'],
  [/^split_huge_pmd\(\)/, 'split_huge_pmd'],
  [/^split_huge_page/, 'split_huge_page'],
  [/^reclaim of|^madvise\(MADV_PAGEOUT\)/, 'reclaim'],
  [/^migration of/, 'migrate'],
];

function otherOf(names: readonly string[]): OtherDeed['what'] | null {
  for (const [pattern, what] of OTHERS) if (names.some((name) => pattern.test(name))) return what;
  return null;
}
