/** What the user set for all notebooks, in the store. What is not there, or is no longer taken, is as it is at first. */
import { z } from 'zod';
import { DEFAULT_PREFERENCES, type Preferences } from '../preload/contract.ts';
import type { Store } from './store/index.ts';

const KEY = 'preferences';

/** Font size in CSS pixels; states and seconds of one experiment under one kernel. */
export const preferencesShape = z.object({
  fontSize: z.int().min(9).max(32),
  budget: z.object({ states: z.int().positive().max(1e9), seconds: z.number().positive().max(86_400) }),
});

export function preferencesOf(store: Pick<Store, 'setting'>): Preferences {
  try {
    return preferencesShape.parse(JSON.parse(store.setting(KEY) ?? ''));
  } catch {
    return DEFAULT_PREFERENCES;
  }
}

export function setPreferences(store: Pick<Store, 'setSetting'>, preferences: Preferences): void {
  store.setSetting(KEY, JSON.stringify(preferences));
}
