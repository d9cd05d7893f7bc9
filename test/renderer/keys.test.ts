import { describe, expect, it } from 'vitest';
import { KeyMatcher, type KeyPress, pressName } from '../../renderer/palette/keymap.ts';
import { COMMAND_LIST, isCommandId, type KeyMode, REGIONS, type Region } from '../../renderer/palette/keys.ts';
import { fuzzyFilter, fuzzyScore } from '../../renderer/palette/match.ts';

/** The key press that a name of the table stands for. */
function press(name: string): KeyPress {
  const parts = name.split('+');
  const key = name.endsWith('+') ? '+' : (parts.at(-1) ?? '');
  const upper = /^[A-Z]$/.test(key);
  const ctrlKey = parts.includes('Ctrl');
  const shiftKey = parts.includes('Shift') || (upper && !ctrlKey);
  return {
    key: ctrlKey && upper && !shiftKey ? key.toLowerCase() : key,
    ctrlKey,
    shiftKey,
    altKey: parts.includes('Alt'),
    metaKey: false,
  };
}

function type(keys: string, mode: Exclude<KeyMode, 'both'>, region: Region): string {
  const matcher = new KeyMatcher();
  let last = '';
  for (const name of keys.split(' ')) {
    const match = matcher.feed(press(name), { mode, region });
    last = match.kind === 'command' ? match.command : match.kind;
  }
  return last;
}

describe('the table', () => {
  const bindings = COMMAND_LIST.flatMap((command) => command.bindings.map((binding) => ({ command, binding })));

  it('gives every command by each of its keys, in every mode and region that it names', () => {
    for (const { command, binding } of bindings) {
      const modes = binding.mode === 'both' ? (['nav', 'edit'] as const) : ([binding.mode] as const);
      for (const mode of modes) {
        for (const region of binding.regions ?? REGIONS) {
          expect(type(binding.keys, mode, region), `${binding.keys} in ${mode}, ${region}`).toBe(command.id);
        }
      }
    }
  });

  it('never gives two commands the same key at the same time', () => {
    for (const { command, binding } of bindings) {
      for (const other of bindings) {
        if (other.command === command || other.binding.keys !== binding.keys) continue;
        const sameMode =
          binding.mode === 'both' || other.binding.mode === 'both' || binding.mode === other.binding.mode;
        const regions = new Set<Region>(binding.regions ?? REGIONS);
        const sameRegion = (other.binding.regions ?? REGIONS).some((region) => regions.has(region));
        expect(sameMode && sameRegion, `${binding.keys}: ${command.id} and ${other.command.id}`).toBe(false);
      }
    }
  });

  it('has no pair that begins with a command of its own', () => {
    const single = new Set(bindings.map(({ binding }) => binding.keys).filter((keys) => !keys.includes(' ')));
    for (const { binding } of bindings) {
      const [first, second] = binding.keys.split(' ');
      if (second !== undefined) expect(single.has(first ?? ''), binding.keys).toBe(false);
    }
  });

  it('leaves plain letters to the editor', () => {
    expect(type('j', 'edit', 'notebook')).toBe('none');
    expect(type('d d', 'edit', 'notebook')).toBe('none');
  });

  it('keeps clear of the keys that Monaco cannot share', () => {
    const keys = bindings.map(({ binding }) => binding.keys);
    expect(keys).not.toContain('Ctrl+I');
    expect(keys).not.toContain('Ctrl+K');
    expect(keys).not.toContain('Ctrl+M');
  });

  it('knows its names', () => {
    expect(isCommandId('run.cell')).toBe(true);
    expect(isCommandId('toString')).toBe(false);
  });
});

describe('the matcher', () => {
  it('waits for the second key of a pair, and takes a stray one for what it is', () => {
    expect(type('g', 'nav', 'notebook')).toBe('pending');
    expect(type('g g', 'nav', 'notebook')).toBe('cell.first');
    expect(type('g j', 'nav', 'notebook')).toBe('cell.next');
  });

  it('gives the same key another meaning in another region', () => {
    expect(type('j', 'nav', 'notebook')).toBe('cell.next');
    expect(type('j', 'nav', 'interleaving')).toBe('step.down');
  });

  it('names presses as the table does', () => {
    const plain = { ctrlKey: false, shiftKey: false, altKey: false, metaKey: false };
    expect(pressName({ ...plain, key: '{', shiftKey: true })).toBe('{');
    expect(pressName({ ...plain, key: 'G', shiftKey: true })).toBe('G');
    expect(pressName({ ...plain, key: 'P', shiftKey: true, ctrlKey: true })).toBe('Ctrl+Shift+P');
    expect(pressName({ ...plain, key: 's', metaKey: true })).toBe('Ctrl+S');
    expect(pressName({ ...plain, key: 'Enter', shiftKey: true })).toBe('Shift+Enter');
    expect(pressName({ ...plain, key: ' ' })).toBe('Space');
    expect(pressName({ ...plain, key: 'Shift', shiftKey: true })).toBeNull();
  });
});

describe('the palette search', () => {
  it('finds letters in order, word starts first', () => {
    const titles = ['Step back', 'Save as ...', 'Stop', 'Previous cell'];
    expect(fuzzyFilter('st', titles, (title) => title)[0]).toBe('Step back');
    expect(fuzzyFilter('sa', titles, (title) => title)).toEqual(['Save as ...', 'Step back']);
    expect(fuzzyScore('zz', 'Stop')).toBeNull();
    expect(fuzzyFilter('', titles, (title) => title)).toEqual(titles);
  });
});
