import { useEffect, useRef } from 'react';
import { useApp, useAppState } from './context.tsx';
import { recover } from './files.ts';

/** Text that an earlier session left unsaved: offered, never taken by itself, never thrown away unasked. */
export function Recovery() {
  const app = useApp();
  const recovered = useAppState((state) => state.notebook?.recovered ?? null);
  const take = useRef<HTMLButtonElement>(null);
  const asked = recovered !== null;
  useEffect(() => {
    if (asked) take.current?.focus();
  }, [asked]);
  if (recovered === null) return null;
  return (
    <section className="recovery" aria-label="Unsaved text found">
      <p>An earlier session left text of this notebook that was never saved ({recovered.split('\n').length} lines).</p>
      <button type="button" ref={take} onClick={() => recover(app, true)}>
        Take the unsaved text
      </button>
      <button type="button" onClick={() => recover(app, false)}>
        Keep the file as it is
      </button>
    </section>
  );
}
