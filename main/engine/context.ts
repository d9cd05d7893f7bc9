/** The world the realm works on right now: what observers such as page_ref_count() read, and who may ask. */
import { ScriptMisuse } from './errors.ts';
import { issued } from './step.ts';
import type { Phase, ReadWord, World } from './world.ts';

const current: { world: World | null } = { world: null };

/** The world in use. @throws ScriptMisuse outside of an experiment. */
export function currentWorld(what: string): World {
  if (current.world === null) throw new ScriptMisuse(`${what} is only possible inside an experiment`);
  return current.world;
}

/** Runs `body` with a world in use and a phase set; restores both. */
export function inWorld<T>(world: World, phase: Phase, read: ReadWord | null, body: () => T): T {
  const outer = current.world;
  const outerPhase = world.phase;
  const outerRead = world.read;
  const outerWords = issued.words;
  current.world = world;
  world.phase = phase;
  world.read = read;
  issued.words = world.memory.handles;
  try {
    return body();
  } finally {
    current.world = outer;
    world.phase = outerPhase;
    world.read = outerRead;
    issued.words = outerWords;
  }
}
