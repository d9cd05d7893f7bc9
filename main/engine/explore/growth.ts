/** Where a space grows without an end in sight, for people whose search a budget ended. */
import { mayWrite } from '../step.ts';
import type { Space } from './space.ts';

/** A component that has taken so many values, and so large a part of the number of states, is remarked on. */
const MANY = 1000;
const PART = 20;

/** One sentence on what takes the most values, if that is what makes the space large. */
export function growthNotes(space: Space): string[] {
  const { components, set, world, automata } = space;
  const widest = [...components].sort((a, b) => b.domain.size - a.domain.size)[0];
  if (widest === undefined) return [];
  const { kind, id, domain } = widest;
  if (domain.size < MANY || domain.size * PART < set.count) return [];
  const values = domain.size.toLocaleString('en-US');
  if (kind === 'word') {
    const at = automata.commonPlace((node) => automata.word[node] === id && mayWrite(automata.op[node] ?? 0));
    return [`${world.memory.words[id]?.name ?? '?'} has taken ${values} values${at}: nothing seems to bound it`];
  }
  const at = automata.commonPlace((node) => automata.actorAt(node) === space.symmetry.firstOf(id));
  const name = world.actors[id]?.name ?? '?';
  return [
    `actor "${name}" has been in ${values} different states of its own${at}: nothing seems to bound what it counts`,
  ];
}
