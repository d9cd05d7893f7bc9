import { type KeyboardEvent, useRef, useState } from 'react';
import { useApp } from '../app/context.tsx';
import { choose } from '../app/stepping.ts';
import type { Strip } from './strip.ts';

interface StripProps {
  readonly cellId: string;
  readonly strip: Strip;
  /** Kernel whose schedule the right-hand column shows; null where it is about something else. */
  readonly chosen: string | null;
}

/** One column per kernel. Arrow keys walk, Enter or a click chooses what the right-hand column shows. */
export function VerdictStrip({ cellId, strip, chosen }: StripProps) {
  const app = useApp();
  const row = useRef<HTMLDivElement>(null);
  const [walked, setWalked] = useState<number | null>(null);
  const start = Math.max(
    0,
    strip.columns.findIndex(({ kernel, sign }) => (chosen === null ? sign.word === 'FAIL' : kernel === chosen)),
  );
  const at = Math.min(walked ?? start, strip.columns.length - 1);
  const walk = (event: KeyboardEvent) => {
    const last = strip.columns.length - 1;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(last, to));
    setWalked(next);
    row.current?.querySelectorAll('button')[next]?.focus();
  };
  return (
    <div
      className="strip"
      ref={row}
      role="toolbar"
      aria-label={`Verdicts of ${strip.experiment} by kernel, oldest first`}
      data-own-keys="ArrowLeft ArrowRight Home End Enter"
      onKeyDown={walk}
      onBlur={() => setWalked(null)}
    >
      {strip.columns.map(({ kernel, sign, result, asExpected, was, label }, index) => (
        <button
          type="button"
          key={kernel}
          className="verdict"
          data-tone={sign.tone}
          data-expected={asExpected}
          data-kernel={kernel}
          aria-pressed={kernel === chosen}
          aria-label={label}
          title={label}
          tabIndex={index === at ? 0 : -1}
          onFocus={() => setWalked(index)}
          onClick={() => {
            if (result !== null) choose(app, cellId, result);
          }}
        >
          <span className="verdict-kernel">{kernel}</span>{' '}
          <span className="verdict-word">
            <span aria-hidden="true">{sign.shape}</span> {sign.word}
            {asExpected ? '' : ' !'}
          </span>
          {was !== null && ' '}
          {was !== null && <span className="verdict-was changed">was {was}</span>}
        </button>
      ))}
    </div>
  );
}
