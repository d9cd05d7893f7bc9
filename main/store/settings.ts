/** Settings by key, and where the window was. */
import { z } from 'zod';
import type { Context } from './context.ts';
import type { WindowState } from './types.ts';

const WINDOW = 'window';
const windowShape = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  maximized: z.boolean(),
}) satisfies z.ZodType<WindowState>;

export type Settings = ReturnType<typeof settings>;

export function settings({ db }: Context) {
  const select = db.prepare<[string], { value: string }>('SELECT value FROM settings WHERE key = ?');
  const all = db.prepare<[], { key: string; value: string }>('SELECT key, value FROM settings ORDER BY key');
  const set = db.prepare<[string, string]>(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  const remove = db.prepare<[string]>('DELETE FROM settings WHERE key = ?');

  return {
    get(key: string): string | null {
      return select.get(key)?.value ?? null;
    },

    set(key: string, value: string | null): void {
      if (value === null) remove.run(key);
      else set.run(key, value);
    },

    all(): readonly { readonly key: string; readonly value: string }[] {
      return all.all();
    },

    /** Null where none was kept, or what was kept is no window (then the window opens where it would at first). */
    windowState(): WindowState | null {
      const value = select.get(WINDOW)?.value;
      if (value === undefined) return null;
      try {
        return windowShape.parse(JSON.parse(value));
      } catch {
        return null;
      }
    },

    setWindowState(state: WindowState): void {
      set.run(WINDOW, JSON.stringify(state));
    },
  };
}
