import { useState } from 'react';
import { useApp } from '../app/context.tsx';
import { closeOverlay } from '../app/overlay.ts';
import { followTyped } from '../app/schedule.ts';
import { CloseButton } from '../palette/CloseButton.tsx';
import { Dialog } from '../palette/Dialog.tsx';
import { useShown } from './useShown.ts';

/** A schedule is typed; Enter follows it. It stays open where nothing of it is possible, and says why. */
export function SchedulePane({ text }: { readonly text: string }) {
  const app = useApp();
  const now = useShown();
  const [value, setValue] = useState(text);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const follow = async () => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    const found = await followTyped(app, value);
    setBusy(false);
    if (found === null) closeOverlay(app);
    else setProblem(found);
  };
  const actors = now?.trace?.actors ?? [];
  return (
    <Dialog label="A schedule by hand" className="schedule-by-hand">
      <h2>
        A schedule by hand{' '}
        <span className="dim">
          {now?.result.experiment}, {now?.result.kernel}
        </span>
      </h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void follow();
        }}
      >
        <label>
          Who takes each step: 0x6.1 is six steps of actor 0, one of actor 1; 0?1 answers a choice
          <textarea
            autoFocus
            rows={3}
            spellCheck={false}
            value={value}
            onChange={(event) => setValue(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              void follow();
            }}
          />
        </label>
        <p className="dim">{actors.map(({ name }, number) => `${number} ${name}`).join(', ')}</p>
        <p role="alert" data-tone="error">
          {problem}
        </p>
        <p className="deeds">
          <button type="submit" disabled={busy}>
            {busy ? 'Replaying ...' : 'Replay'}
          </button>
          <CloseButton />
        </p>
      </form>
    </Dialog>
  );
}
