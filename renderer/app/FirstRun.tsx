import { useEffect, useRef } from 'react';
import { Overlays } from '../palette/Overlays.tsx';
import { perform } from './commands.ts';
import { useApp, useAppState } from './context.tsx';
import { openPath } from './files.ts';
import { NoticeBar } from './NoticeBar.tsx';
import { ROVING_KEYS, rove } from './roving.ts';

/** The seed's scenario, then the tour: the ones to begin with. */
const FIRST = ['two-bios', 'tour'];

/** Shown while no notebook has ever been opened: what this is, and where to begin. */
export function FirstRun() {
  const app = useApp();
  const info = useAppState((state) => state.info);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const place = (path: string) => {
    const index = FIRST.findIndex((name) => path.endsWith(`${name}.lab.ts`));
    return index < 0 ? FIRST.length : index;
  };
  const scenarios = [...(info?.scenarios ?? [])].sort((a, b) => place(a.path) - place(b.path));
  return (
    <main className="first-run" data-region="notebook" data-own-keys={ROVING_KEYS} onKeyDown={rove}>
      <h1>gupbook</h1>
      <p>
        A lab notebook for Linux page reference counting. An experiment is a few lines of TypeScript; it is run against
        every kernel revision, through every interleaving of its tasks and completions, one atomic operation a step.
      </p>
      <h2>Shipped scenarios</h2>
      <ul>
        {scenarios.map(({ path, title }, index) => (
          <li key={path}>
            <button type="button" ref={index === 0 ? first : null} onClick={() => void openPath(app, path)}>
              <span className="first-name">{path.split(/[/\\]/).at(-1)}</span> <span className="dim">{title}</span>
            </button>
          </li>
        ))}
      </ul>
      <h2>Or</h2>
      <ul>
        <li>
          <button type="button" onClick={() => perform(app, 'file.open')}>
            <span className="first-name">Open a notebook ...</span> <span className="dim">Ctrl+O</span>
          </button>
        </li>
      </ul>
      <p className="dim">
        Nothing runs by itself. F1 shows the keys, Ctrl+Shift+P all commands. Engine {info?.engineVersion}, version{' '}
        {info?.version}, Electron {info?.electron}.
      </p>
      <NoticeBar />
      <Overlays />
    </main>
  );
}
