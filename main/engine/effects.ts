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

/**
 * Takes `n` holds of the pages from `page` on out of the books: where they stand singly, and what is left from the
 * head, where runs are entered. They may have been taken as a run and be given back singly, or the reverse.
 */
function takeOut(world: World, how: How, page: PageModel, n: number, target: EffectTarget): void {
  const books = how === 'pin' ? world.books.pins : world.books.gets;
  let left = n;
  for (const [single, word] of books) {
    const inside = single.index >= page.index && single.index < page.index + n;
    if (left === 0 || single.head !== page.head || !inside || (single === single.head && n > 1)) continue;
    if (target.read(word.index) <= 0) continue;
    add(target, word.index, -1);
    left--;
  }
  if (left > 0) add(target, world.books.held(how, page.head).index, -left);
}

/** How many of a link's pages lie among `n` pages from `page` on. */
function overlap(link: Link, page: PageModel, n: number): number {
  if (link.page.head !== page.head) return 0;
  const from = Math.max(link.page.index, page.index);
  const to = Math.min(link.page.index + link.n, page.index + n);
  return Math.max(0, to - from);
}

/** A run of pages as it is entered in the books: as one while it is one folio, page by page once that was split. */
function entries(
  page: PageModel,
  n: number,
  target: EffectTarget,
): readonly { page: PageModel; n: number; at: number }[] {
  const whole = n === 1 || target.read(page.head.subpage(1).compound_head.index) !== 0;
  if (whole) return [{ page, n, at: 0 }];
  return Array.from({ length: n }, (_, i) => ({ page: page.head.subpage(page.index + i), n: 1, at: i }));
}

function hold(world: World, effect: HoldEffect, target: EffectTarget): void {
  const { how, mapping, index } = effect;
  const read = (word: number): number => target.read(word);
  for (const { page, n, at } of entries(effect.page, effect.n, target)) {
    add(target, world.books.held(how, n === 1 ? page : page.head).index, n);
    if (mapping === null) continue;
    const link = world.books.link({ mapping, index: index + at }, page, n, how, effect.reliable);
    add(target, link.word.index, n);
    complain(world, 'I6', leakedTo(world, page, mapping.mm, read), target);
  }
}

/** Links lose `n` holds in all; those of single pages first, because a run that is given back is given back as a run. */
function drop(world: World, how: How, page: PageModel, n: number, target: EffectTarget): void {
  takeOut(world, how, page, n, target);
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
        for (const { page, n } of entries(effect.page, effect.n, target)) drop(world, effect.how, page, n, target);
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
