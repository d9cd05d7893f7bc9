import { type KeyboardEvent, type PointerEvent, useState } from 'react';

/** One movable border. `size` is in the unit of the two bounds. */
export interface Split {
  readonly size: number;
  readonly least: number;
  readonly most: number;
  readonly resize: (size: number) => void;
}

export function useSplit(name: string, start: number, least: number, most: number): Split {
  const key = `split:${name}`;
  const [size, setSize] = useState(() => {
    const kept = Number(localStorage.getItem(key) ?? Number.NaN);
    return kept >= least && kept <= most ? kept : start;
  });
  const resize = (wanted: number) => {
    const next = Math.max(least, Math.min(most, wanted));
    localStorage.setItem(key, String(next));
    setSize(next);
  };
  return { size, least, most, resize };
}

interface SplitterProps {
  readonly split: Split;
  readonly label: string;
  readonly orientation: 'vertical' | 'horizontal';
  /** 1 where moving right or down makes the size grow, -1 where it shrinks. */
  readonly sign: 1 | -1;
  readonly area: string;
}

const STEP = 2;

/** A border that the mouse drags and the arrow keys move; Home and End go to its bounds. */
export function Splitter({ split, label, orientation, sign, area }: SplitterProps) {
  const { size, least, most, resize } = split;
  const keys = (event: KeyboardEvent) => {
    const [less, more] = orientation === 'vertical' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    if (event.key === less) resize(size - sign * STEP);
    else if (event.key === more) resize(size + sign * STEP);
    else if (event.key === 'Home') resize(least);
    else if (event.key === 'End') resize(most);
    else return;
    event.preventDefault();
  };
  const drag = (event: PointerEvent<HTMLElement>) => {
    const bar = event.currentTarget;
    const parent = bar.parentElement;
    if (parent === null) return;
    bar.setPointerCapture(event.pointerId);
    const box = parent.getBoundingClientRect();
    // Sizes are per cent of the parent, except that the outline counts characters.
    const whole = orientation === 'vertical' ? box.width : box.height;
    const unit = area === 's1' ? characterWidth(bar) : whole / 100;
    const start = orientation === 'vertical' ? event.clientX : event.clientY;
    const move = (moved: globalThis.PointerEvent) => {
      const at = orientation === 'vertical' ? moved.clientX : moved.clientY;
      resize(size + (sign * (at - start)) / unit);
    };
    bar.addEventListener('pointermove', move);
    bar.addEventListener('lostpointercapture', () => bar.removeEventListener('pointermove', move), { once: true });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> is no window splitter, and takes no focus.
    <div
      className={`splitter ${orientation} ${area}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={Math.round(size)}
      aria-valuemin={least}
      aria-valuemax={most}
      data-own-keys="ArrowLeft ArrowRight ArrowUp ArrowDown Home End"
      onKeyDown={keys}
      onPointerDown={drag}
    />
  );
}

function characterWidth(element: Element): number {
  const size = Number.parseFloat(getComputedStyle(element).fontSize);
  return Number.isFinite(size) ? size * 0.602 : 8;
}
