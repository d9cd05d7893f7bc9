import { useState } from 'react';
import type { ThemeChoice } from '../../preload/contract.ts';
import { useApp, useAppState } from '../app/context.tsx';
import { NUMBERS, type NumberSetting, setNumber, setTheme } from '../app/settings.ts';
import { Dialog } from './Dialog.tsx';

const THEME_NAMES: readonly (readonly [ThemeChoice, string])[] = [
  ['system', "the system's own"],
  ['dark', 'dark'],
  ['light', 'light'],
  ['contrast', 'high contrast'],
];

/** What holds for every notebook. A choice takes effect at once, a number on Enter or when its field is left. */
export function SettingsPane() {
  const app = useApp();
  const theme = useAppState((state) => state.themeChoice);
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <Dialog label="Settings" className="settings">
      <h2>Settings</h2>
      <fieldset>
        <legend>Theme</legend>
        {THEME_NAMES.map(([choice, name]) => (
          <label key={choice}>
            <input type="radio" name="theme" checked={theme === choice} onChange={() => void setTheme(app, choice)} />{' '}
            {name}
          </label>
        ))}
      </fieldset>
      {NUMBERS.map((setting) => (
        <NumberField key={setting.name} setting={setting} said={setProblem} />
      ))}
      <p role="alert" data-tone="error">
        {problem}
      </p>
      <p className="dim">An experiment's own budget goes before this one. Enter sets a number, Escape closes.</p>
    </Dialog>
  );
}

interface FieldProps {
  readonly setting: NumberSetting;
  readonly said: (problem: string | null) => void;
}

function NumberField({ setting, said }: FieldProps) {
  const app = useApp();
  const value = useAppState((state) => setting.get(state.preferences));
  const take = (field: HTMLInputElement) => {
    void setNumber(app, setting, field.value).then(said);
  };
  return (
    <label className="settings-number">
      <span>{setting.name}</span>
      <input
        inputMode="numeric"
        size={11}
        defaultValue={value}
        onBlur={(event) => take(event.target)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take(event.currentTarget);
        }}
      />
      <span className="dim">{setting.unit}</span>
    </label>
  );
}
