/**
 * Resolves what an actor's code did between two steps against the state the transition leads to. Bookkeeping of holders
 * is decided here, not in the actor, because it depends on the state and must not become part of the actor's history.
 */
import type { How, Link } from './books.ts';
import { badPageReason } from './check/bad-page.ts';
import { foreignTable, leakedTo, mapsPage, sharedWith, wrongHead } from './check/judge.ts';
import type { PageModel } from './page.ts';
import type { EventKind } from './trace.ts';
import type { HoldEffect, PendingEffect, World } from './world.ts';

/** The state effects are resolved against and written to, and who is told. */
export interface EffectTarget {
  read(word: number): number;
  write(word: number, value: number): void;
  spawn(actor: number, effect: PendingEffect & { readonly kind: 'spawn' }): void;
  event(kind: EventKind, text: string): void;
}

function add(target: EffectTarget, word: number, n: number): void {
  target.write(word, target.read(word) + n);
}

/** The books a drop is taken from: the page's own if anything stands there, otherwise the head's. */
function dropWord(world: World, how: How, page: PageModel, n: number, target: EffectTarget): number {
  const own = (how === 'pin' ? world.books.pins : world.books.gets).get(page);
  if (own !== undefined && target.read(own.index) >= n) return own.index;
  return world.books.held(how, page.head).index;
}

/** How many of a link's pages lie among `n` pages from `page` on. */
function overlap(link: Link, page: PageModel, n: number): number {
  if (link.page.head !== page.head) return 0;
  const from = Math.max(link.page.index, page.index);
  const to = Math.min(link.page.index + link.n, page.index + n);
  return Math.max(0, to - from);
}

function hold(world: World, effect: HoldEffect, target: EffectTarget): void {
  const { how, page, n, mapping, index } = effect;
  add(target, world.books.held(how, n === 1 ? page : page.head).index, n);
  if (mapping === null) return;
  const read = (word: number): number => target.read(word);
  add(target, world.books.link({ mapping, index }, page, n, how, effect.reliable).word.index, n);
  complain(world, 'I6', leakedTo(world, page, mapping.mm, read), target);
}

/** Links lose `n` holds in all; those of single pages first, because a run that is given back is given back as a run. */
function drop(world: World, how: How, page: PageModel, n: number, target: EffectTarget): void {
  add(target, dropWord(world, how, page, n, target), -n);
  let left = n;
  for (const exact of [true, false]) {
    for (const link of world.books.links) {
      if (left === 0) return;
      if (link.how !== how || (exact && (link.page !== page || link.n !== n))) continue;
      const held = target.read(link.word.index);
      const taken = Math.min(left, held, exact ? n : overlap(link, page, n));
      if (taken <= 0) continue;
      target.write(link.word.index, held - taken);
      left -= taken;
    }
  }
}

function detach(world: World, effect: PendingEffect & { readonly kind: 'detach' }, target: EffectTarget): void {
  const { mapping, index, n } = effect;
  for (const link of world.books.links) {
    if (link.at.mapping !== mapping) continue;
    const from = Math.max(link.at.index, index);
    const to = Math.min(link.at.index + link.n, index + n);
    const held = target.read(link.word.index);
    if (to > from && held > 0) target.write(link.word.index, link.n === 1 ? 0 : Math.max(0, held - (to - from)));
  }
}

/** Notes what a check that is judged on the spot found; the first complaint stands. */
function complain(world: World, check: string, text: string | null, target: EffectTarget): void {
  if (text === null) return;
  const word = world.books.brokenWord(check).index;
  if (target.read(word) === 0) target.write(word, world.books.complaintId(text));
}

export function applyEffects(world: World, effects: readonly PendingEffect[], target: EffectTarget): void {
  const read = (word: number): number => target.read(word);
  for (const effect of effects) {
    switch (effect.kind) {
      case 'add':
        add(target, effect.word, effect.value);
        break;
      case 'set':
        target.write(effect.word, effect.value);
        break;
      case 'hold':
        hold(world, effect, target);
        break;
      case 'grabbed':
        complain(world, 'I8', wrongHead(effect, read) ?? foreignTable(world, effect, read), target);
        break;
      case 'complaint':
        complain(world, effect.check, effect.text, target);
        break;
      case 'drop':
        drop(world, effect.how, effect.page, effect.n, target);
        break;
      case 'detach':
        detach(world, effect, target);
        break;
      case 'store':
        complain(world, 'I6', sharedWith(world, effect.page, effect.mm, read), target);
        target.write(world.books.writer(effect.page).index, world.mmNumber(effect.mm) + 1);
        break;
      case 'look':
        complain(world, 'I6', leakedTo(world, effect.page, effect.mm, read), target);
        break;
      case 'unshared':
        for (const [page, word] of world.books.writers) if (page.head === effect.page.head) target.write(word.index, 0);
        break;
      case 'forked':
        for (const [page, word] of world.books.writers) {
          if (read(word.index) !== 0 && mapsPage(effect.child, page, read)) target.write(word.index, 0);
        }
        break;
      case 'walk':
        if (effect.table.peekFreed(read) !== 0) {
          complain(world, 'I11', `${effect.by} reads an entry of ${effect.table.name}, which was freed`, target);
        }
        break;
      case 'freed': {
        const reason = badPageReason(world, effect.page, read);
        if (reason !== null) target.event('bad-page', `BUG: Bad page state: ${effect.page.name}: ${reason}`);
        break;
      }
      case 'spawn':
        target.spawn(effect.actor, effect);
        break;
      case 'event':
        target.event(effect.event, effect.text);
        break;
    }
  }
}
