/** From key presses to commands, by the table of keys.ts. No DOM: a key press comes as its parts. */
import { type Binding, COMMAND_LIST, type CommandId, type KeyMode, type Region } from './keys.ts';

/** The parts of a KeyboardEvent that matter. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

export interface KeyContext {
  readonly mode: Exclude<KeyMode, 'both'>;
  readonly region: Region;
}

/**
 * A key press as the table writes it: `Ctrl+Shift+P`, `G`, `{`, `F6`. Shift is named only where it does not already
 * show in the character. Command keys of a Mac count as Ctrl. Null for a modifier alone.
 */
export function pressName(press: KeyPress): string | null {
  if (['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'Dead', 'Process', 'Unidentified'].includes(press.key))
    return null;
  const control = press.ctrlKey || press.metaKey;
  const printable = press.key.length === 1;
  const letter = /^[a-z]$/i.test(press.key);
  const key = control && letter ? press.key.toUpperCase() : press.key === ' ' ? 'Space' : press.key;
  const shift = press.shiftKey && (!printable || (control && letter));
  return `${control ? 'Ctrl+' : ''}${press.altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${key}`;
}

function applies(binding: Binding, context: KeyContext): boolean {
  if (binding.mode !== 'both' && binding.mode !== context.mode) return false;
  return binding.regions === undefined || binding.regions.includes(context.region);
}

export type Match =
  | { readonly kind: 'command'; readonly command: CommandId }
  /** The first key of a pair: the next one decides. */
  | { readonly kind: 'pending'; readonly keys: string }
  | { readonly kind: 'none' };

/** Remembers the first key of a pair. One per window. */
export class KeyMatcher {
  #first: string | null = null;

  /** Forgets a half-typed pair, as after a click. */
  reset(): void {
    this.#first = null;
  }

  feed(press: KeyPress, context: KeyContext): Match {
    const name = pressName(press);
    if (name === null) return { kind: 'none' };
    const first = this.#first;
    this.#first = null;
    if (first !== null) {
      const pair = find(`${first} ${name}`, context);
      if (pair !== null) return { kind: 'command', command: pair };
    }
    const command = find(name, context);
    if (command !== null) return { kind: 'command', command };
    if (!startsPair(name, context)) return { kind: 'none' };
    this.#first = name;
    return { kind: 'pending', keys: name };
  }
}

function find(keys: string, context: KeyContext): CommandId | null {
  for (const command of COMMAND_LIST) {
    if (command.bindings.some((binding) => binding.keys === keys && applies(binding, context))) return command.id;
  }
  return null;
}

function startsPair(name: string, context: KeyContext): boolean {
  return COMMAND_LIST.some((command) =>
    command.bindings.some((binding) => binding.keys.startsWith(`${name} `) && applies(binding, context)),
  );
}
