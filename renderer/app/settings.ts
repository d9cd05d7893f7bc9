/** Settings: what holds for every notebook. They take effect at once and are kept by main, as the theme is. */
import type { Preferences, ThemeChoice } from '../../preload/contract.ts';
import type { App } from './app.ts';
import { attempt } from './attempt.ts';

export async function setTheme(app: App, choice: ThemeChoice): Promise<void> {
  app.store.dispatch({ type: 'theme-choice', choice });
  await attempt(app, app.bridge.request('theme:set', choice));
}

/** A number that can be set. */
export interface NumberSetting {
  readonly name: string;
  readonly unit: string;
  readonly least: number;
  readonly most: number;
  readonly get: (preferences: Preferences) => number;
  readonly set: (preferences: Preferences, value: number) => Preferences;
}

export const NUMBERS: readonly NumberSetting[] = [
  {
    name: 'Font size',
    unit: 'pixels',
    least: 9,
    most: 32,
    get: ({ fontSize }) => fontSize,
    set: (preferences, fontSize) => ({ ...preferences, fontSize }),
  },
  {
    name: 'Budget: states',
    unit: 'of one experiment under one kernel',
    least: 1,
    most: 1e9,
    get: ({ budget }) => budget.states,
    set: (preferences, states) => ({ ...preferences, budget: { ...preferences.budget, states } }),
  },
  {
    name: 'Budget: seconds',
    unit: 'of one experiment under one kernel',
    least: 1,
    most: 86_400,
    get: ({ budget }) => budget.seconds,
    set: (preferences, seconds) => ({ ...preferences, budget: { ...preferences.budget, seconds } }),
  },
];

/** Sets a number as it was typed; a sentence where it is not taken. */
export async function setNumber(app: App, setting: NumberSetting, typed: string): Promise<string | null> {
  const { name, least, most } = setting;
  const value = /^\s*\d+\s*$/.test(typed) ? Number(typed) : Number.NaN;
  if (!(value >= least && value <= most)) return `${name} is a whole number from ${least} to ${most}.`;
  const { preferences } = app.store.get();
  if (setting.get(preferences) === value) return null;
  const changed = setting.set(preferences, value);
  app.store.dispatch({ type: 'preferences', preferences: changed });
  await attempt(app, app.bridge.request('preferences:set', changed));
  return null;
}
