/**
 * One world: the memory an experiment's body built, its actors and its checks, and the record of what actors' code does
 * between two steps (effects). A world is built by calling the body once; the explorer and replay build their own.
 */
import { NotApplicable, ScriptMisuse } from './errors.ts';
import type { KernelSwitches, Steps, UserMapping } from './interface.ts';
import { Memory, type MemoryWord } from './memory.ts';
import { MappingModel, PageModel } from './page.ts';
import type { ActorKind, EventKind } from './trace.ts';

/** Something an actor's code did between two steps; resolved against the state when the transition is taken. */
export type PendingEffect =
  | { readonly kind: 'add'; readonly word: number; readonly value: number }
  | { readonly kind: 'set'; readonly word: number; readonly value: number }
  | { readonly kind: 'hold'; readonly how: 'get' | 'pin'; readonly page: PageModel; readonly n: number }
  | { readonly kind: 'drop'; readonly how: 'get' | 'pin'; readonly page: PageModel; readonly n: number }
  | { readonly kind: 'freed'; readonly page: PageModel }
  | { readonly kind: 'spawn'; readonly actor: number; readonly body: () => Steps<void> }
  | { readonly kind: 'event'; readonly event: EventKind; readonly text: string };

/** An actor known by name; tasks of the body first, then those that actors started. */
export interface ActorEntry {
  readonly name: string;
  readonly kind: ActorKind;
  /** The generator function for tasks of the body; null for actors started by others (their spawn carries it). */
  readonly body: (() => Steps<void>) | null;
  /** Word that is 1 while this actor's CPU has interrupts off. */
  readonly irq: MemoryWord;
}

/** A check the author added. */
export interface AuthorCheck {
  readonly name: string;
  readonly condition: () => unknown;
}

/** Reads a word's value in the state being looked at. */
export type ReadWord = (word: number) => number;

export interface Arch {
  readonly ipiFlush: boolean;
  readonly debugVm: boolean;
}

export type Phase = 'build' | 'actor' | 'check' | 'idle';

export class World {
  readonly memory = new Memory();
  readonly actors: ActorEntry[] = [];
  readonly always: AuthorCheck[] = [];
  readonly finals: AuthorCheck[] = [];
  /** Heads and single pages, in the order they were made. */
  readonly folios: PageModel[] = [];
  private table: KernelSwitches;
  readonly arch: Arch;
  phase: Phase = 'idle';
  /** Set while a check looks at a state. */
  read: ReadWord | null = null;
  /** Effects of the code that runs now; taken by the driver after each `next()`. */
  pending: PendingEffect[] = [];
  /** Ghost words of pins and gets told to callers, by page object. */
  readonly heldPins = new Map<PageModel, MemoryWord>();
  readonly heldGets = new Map<PageModel, MemoryWord>();
  private readonly pagesByObject = new Map<number, PageModel>();
  private readonly actorIds = new Map<string, number>();
  private readonly vmstats = new Map<string, MemoryWord>();
  private readonly ghostObject: number;
  private readonly mmObject: number;
  readonly write_protect_seq: MemoryWord;

  constructor(switches: KernelSwitches, arch: Arch) {
    this.table = switches;
    this.arch = arch;
    this.ghostObject = this.memory.addObject('books', 'ghost');
    this.mmObject = this.memory.addObject('mm', 'mm');
    this.write_protect_seq = this.memory.addWord(this.mmObject, 'write_protect_seq', 0, 'seq');
  }

  /** The switches checks go by. */
  get switches(): KernelSwitches {
    return this.table;
  }

  /** A body derived a kernel with `kernel.with(...)`: checks go by its table. One world runs one kernel. */
  follow(switches: KernelSwitches): void {
    this.table = switches;
  }

  /** GUP_PIN_COUNTING_BIAS. */
  get bias(): number {
    return 2 ** this.switches.biasShift;
  }

  private readonly register = (page: PageModel): void => {
    this.pagesByObject.set(page.object, page);
    if (page === page.head || page.index === 0) this.folios.push(page);
  };

  /** A fresh page (order 0) or compound page. */
  newPage(name: string, refcount: number, mapcount: number, order: number, keepers: number): PageModel {
    return new PageModel(this.memory, this.register, name, { refcount, mapcount }, order, keepers);
  }

  newMapping(name: string, level: 'pte' | 'pmd', pages: readonly PageModel[], writable: boolean): MappingModel {
    return new MappingModel(this.memory, name, level, pages, writable);
  }

  /** The page a word's value names (an object index), as found in a page-table entry or a compound_head word. */
  pageOf(object: number): PageModel {
    const page = this.pagesByObject.get(object);
    if (page === undefined) throw new ScriptMisuse(`a word holds ${object}, which names no page of this experiment`);
    return page;
  }

  /** Id of an actor by name, made when first asked for. Ids are stable within a world. */
  actor(name: string, kind: ActorKind, body: (() => Steps<void>) | null): number {
    const known = this.actorIds.get(name);
    if (known !== undefined) return known;
    const cpu = this.memory.addObject(`${name} cpu`, 'cpu');
    const irq = this.memory.addWord(cpu, 'irqs_off', 0, 'bool', `${name}.irqs_off`);
    this.actors.push({ name, kind, body, irq });
    this.actorIds.set(name, this.actors.length - 1);
    return this.actors.length - 1;
  }

  /** A word of the author's own, or a lock. */
  userWord(name: string, initial: number): MemoryWord {
    const unique = this.memory.uniqueName(name);
    return this.memory.addWord(this.memory.addObject(unique, 'user'), 'value', initial, 'int', unique);
  }

  private ghost(name: string): MemoryWord {
    return this.memory.addWord(this.ghostObject, name, 0, 'int', name);
  }

  /** Ghost word: how many pins (or plain references) callers hold on this page by what they were told. */
  held(how: 'get' | 'pin', page: PageModel): MemoryWord {
    const map = how === 'pin' ? this.heldPins : this.heldGets;
    let word = map.get(page);
    if (word === undefined) {
      word = this.ghost(`${how === 'pin' ? 'pins' : 'refs'} held on ${page.name}`);
      map.set(page, word);
    }
    return word;
  }

  /** A /proc/vmstat counter, in subpages. */
  vmstat(name: string): MemoryWord {
    let word = this.vmstats.get(name);
    if (word === undefined) {
      word = this.ghost(name);
      this.vmstats.set(name, word);
    }
    return word;
  }

  private inActor(what: string): void {
    if (this.phase !== 'actor') throw new ScriptMisuse(`${what} is only possible inside an actor`);
  }

  /** The caller was told that it holds `n` references or pins on `page`. */
  hold(how: 'get' | 'pin', page: PageModel, n: number): void {
    this.inActor('taking a page');
    this.pending.push({ kind: 'hold', how, page, n });
  }

  /** The caller gives back `n`; part of the step that subtracts them. */
  drop(how: 'get' | 'pin', page: PageModel, n: number): void {
    this.inActor('giving back a page');
    this.pending.push({ kind: 'drop', how, page, n });
  }

  /** The page was handed to the free lists: the kernel's checks at free time are due. */
  freed(page: PageModel): void {
    this.pending.push({ kind: 'freed', page });
  }

  count(name: string, n: number): void {
    this.pending.push({ kind: 'add', word: this.vmstat(name).index, value: n });
  }

  event(event: EventKind, text: string): void {
    this.pending.push({ kind: 'event', event, text });
  }

  spawn(name: string, kind: ActorKind, body: () => Steps<void>): void {
    this.pending.push({ kind: 'spawn', actor: this.actor(name, kind, null), body });
  }

  /** Effects recorded since the last call. */
  takePending(): PendingEffect[] {
    if (this.pending.length === 0) return NONE;
    const taken = this.pending;
    this.pending = [];
    return taken;
  }

  /** Value of a word in the state a check looks at. */
  look(word: number): number {
    if (this.read === null) {
      throw new ScriptMisuse(
        'this reads memory and is for lab.always and lab.finally; inside an actor take a step: const v = yield R(word)',
      );
    }
    return this.read(word);
  }

  /** Throws unless the kernel has FOLL_PIN tracking. */
  needPin(fn: string): void {
    if (!this.switches.follPin) throw new NotApplicable(`${fn}() does not exist in this kernel`);
  }
}

const NONE: PendingEffect[] = [];

/** The page model behind a public handle. @throws ScriptMisuse for anything else. */
export function modelOf(page: unknown, what: string): PageModel {
  if (page instanceof PageModel) return page;
  if (page instanceof MappingModel) throw new ScriptMisuse(`${what} wants a page: write ${page.name}.page(0)`);
  throw new ScriptMisuse(`${what} wants a page, got ${describe(page)}`);
}

/** The mapping model behind a public handle. @throws ScriptMisuse for anything else. */
export function mappingOf(mapping: UserMapping | unknown, what: string): MappingModel {
  if (mapping instanceof MappingModel) return mapping;
  throw new ScriptMisuse(`${what} wants a mapping (lab.mm.mmapThp() ...), got ${describe(mapping)}`);
}

/** A value in a few words, for messages. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'object') return Array.isArray(value) ? `an array of ${value.length}` : 'an object';
  return typeof value === 'function' ? 'a function' : `${typeof value} ${String(value)}`;
}
