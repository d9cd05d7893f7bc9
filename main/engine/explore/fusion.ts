/**
 * Steps that no other actor can notice, and no check: reads of words that nobody writes, IRQs off and on where nobody
 * waits for CPUs, scheduling points. Such a step is taken together with the one before it, unless the actor's code does
 * something on the way that a state shows: then what lies in between is a state of its own.
 */
import { type Automata, DONE, type Edge } from '../lower/automaton.ts';
import { mayWrite } from '../step.ts';
import { type ActorKind, Op } from '../trace.ts';
import type { PendingEffect, World } from '../world.ts';
import type { Symmetry } from './symmetry.ts';

/** Most steps taken together. */
const LONGEST = 20_000;

/** Thrown when something that was taken for invisible turns out not to be: the search starts again, knowing that. */
export class Restart {}

/** What is known to be visible. Kept when a search starts again. */
export interface Visible {
  /** Names of words that somebody writes. */
  readonly words: Set<string>;
  /** Somebody waits for CPUs with interrupts off. */
  irqs: boolean;
  /** Names of words that this search took for never written, and whether it took IRQs off and on for nobody's business. */
  trusted?: Set<string>;
  trustsIrqs?: boolean;
  /** Some transition is more than one step: shortest paths must count them. */
  weighted?: boolean;
  /** Names of actors that are not interchangeable after all; and whether none are. */
  apart?: Set<string>;
  asymmetric?: boolean;
  /** Names of actors that others start and that are interchangeable, group by group; the kind of each group's first. */
  kin?: string[][];
  kinds?: Map<string, ActorKind>;
}

/** An edge and the invisible steps behind it. */
export interface Fused {
  readonly to: number;
  readonly effects: readonly PendingEffect[] | null;
  readonly broken: string | null;
  /** Invisible steps that were taken too. */
  readonly extra: number;
}

export class Fusion {
  private readonly world: World;
  private readonly automata: Automata;
  private readonly visible: Visible;
  private readonly trusted: Set<string>;
  private readonly on: boolean;
  private readonly symmetry: Symmetry;
  /** Names of words that are taken as locks, and of those that are used in other ways. */
  private readonly locks = new Set<string>();
  private readonly plain = new Set<string>();
  private readonly edges = new Map<Edge, Fused>();

  /** With `on` false, every step is a transition of its own. */
  constructor(world: World, automata: Automata, symmetry: Symmetry, visible: Visible, on: boolean) {
    this.symmetry = symmetry;
    this.world = world;
    this.automata = automata;
    this.visible = visible;
    this.trusted = visible.trusted ??= new Set();
    this.on = on;
  }

  /** Follows invisible steps behind an edge. @throws Restart */
  fuse(edge: Edge): Fused {
    let fused = this.edges.get(edge);
    if (fused === undefined) {
      fused = this.follow(edge);
      this.edges.set(edge, fused);
      if (fused.extra > 0 && this.visible.weighted !== true) {
        this.visible.weighted = true;
        throw new Restart();
      }
    }
    return fused;
  }

  private follow({ to: first, effects, broken }: Edge): Fused {
    let to = first;
    let extra = 0;
    const met = new Set<number>();
    this.meet(to);
    while (broken === null && to > DONE && extra < LONGEST && !met.has(to) && this.isInvisible(to)) {
      met.add(to);
      const word = this.automata.word[to] ?? -1;
      const result = this.automata.op[to] === Op.R ? (this.world.memory.initial[word] ?? 0) : 0;
      const next = this.automata.next(to, result);
      if (next.effects !== null || next.broken !== null) break;
      to = next.to;
      extra++;
      this.meet(to);
    }
    return { to, effects, broken, extra };
  }

  private isInvisible(node: number): boolean {
    if (!this.on) return false;
    const op = this.automata.op[node] ?? Op.NOP;
    if (op !== Op.R) return this.isSilent(node);
    const name = this.wordName(node);
    if (this.visible.words.has(name)) return false;
    this.trusted.add(name);
    return true;
  }

  /** An operation that does nothing anybody waits for. */
  isSilent(node: number): boolean {
    const op = this.automata.op[node] ?? Op.NOP;
    if (op !== Op.IRQ_OFF && op !== Op.IRQ_ON) return op === Op.NOP;
    if (!this.visible.irqs) this.visible.trustsIrqs = true;
    return !this.visible.irqs;
  }

  private wordName(node: number): string {
    return this.world.memory.words[this.automata.word[node] ?? -1]?.name ?? '';
  }

  /** Notes what a newly met node can do to others. @throws Restart if the search went by the contrary */
  private meet(node: number): void {
    if (node <= DONE) return;
    const op = this.automata.op[node] ?? Op.NOP;
    if (op === Op.SYNC && !this.visible.irqs) {
      this.visible.irqs = true;
      if (this.visible.trustsIrqs === true) throw new Restart();
    }
    const name = this.wordName(node);
    this.meetLock(op, name);
    if (op === Op.IRQ_OFF || op === Op.IRQ_ON || !mayWrite(op)) return;
    if (this.visible.words.has(name)) return;
    this.visible.words.add(name);
    if (this.trusted.has(name)) throw new Restart();
  }

  /**
   * Interchangeable actors take locks in one name, so nobody may look at who holds one. @throws Restart if somebody does
   */
  private meetLock(op: number, name: string): void {
    if (op === Op.LK || op === Op.TRYLK) this.locks.add(name);
    else if (op !== Op.UL && name !== '') this.plain.add(name);
    if (this.symmetry.isActive && this.locks.has(name) && this.plain.has(name)) this.noSymmetry();
  }

  /** A check looks at a word. @throws Restart if that tells interchangeable actors apart */
  looksAt(word: number): void {
    if (!this.symmetry.isActive) return;
    const isLock = this.locks.has(this.world.memory.words[word]?.name ?? '');
    if (isLock || this.symmetry.isOwn(word)) this.noSymmetry();
  }

  /** An actor starts others. @throws Restart if it was taken for interchangeable: those it starts are not */
  spawns(actor: number): void {
    const group = this.symmetry.twins.find((actors) => actors.includes(actor));
    if (group === undefined) return;
    this.visible.apart ??= new Set();
    for (const other of group) this.visible.apart.add(this.world.actors[other]?.name ?? '');
    throw new Restart();
  }

  noSymmetry(): never {
    this.visible.asymmetric = true;
    throw new Restart();
  }
}
