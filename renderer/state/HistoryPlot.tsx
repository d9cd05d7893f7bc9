import { useMemo } from 'react';
import type { Trace } from '../../main/engine/trace.ts';
import { plotOf, plotSentence, valuesOf } from './plot.ts';

interface HistoryProps {
  readonly trace: Trace;
  readonly word: number;
  /** Full name of the word. */
  readonly name: string;
  /** GUP_PIN_COUNTING_BIAS of the kernel; 1 where the counter holds no pins. */
  readonly bias: number;
  /** 0-based step taken last; -1 before the first. */
  readonly step: number;
}

/** Sizes of the drawing in its own units; it is stretched to the pane's width. */
const WIDTH = 600;
const HEIGHT = 60;

/** A counter over all steps, with a line at each multiple of the bias. The table of steps says the same in words. */
export function HistoryPlot({ trace, word, name, bias, step }: HistoryProps) {
  const { values, plot } = useMemo(() => {
    const all = valuesOf(trace, word);
    return { values: all, plot: plotOf(all, bias, WIDTH) };
  }, [trace, word, bias]);
  if (plot.least === plot.most) return null;
  const points = plot.points.map(([x, y]) => `${(x * WIDTH).toFixed(1)},${(y * HEIGHT).toFixed(1)}`).join(' ');
  const now = values[step + 1] ?? 0;
  return (
    <figure className="plot">
      <figcaption className="dim">
        {name} over {values.length - 1} steps
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={plotSentence(name, values, plot)}
      >
        {plot.lines.map(({ value, y }) => (
          <line key={value} className="plot-bias" x1={0} x2={WIDTH} y1={y * HEIGHT} y2={y * HEIGHT} />
        ))}
        <polyline className="plot-line" points={points} />
        <line className="plot-now" x1={plot.at(step) * WIDTH} x2={plot.at(step) * WIDTH} y1={0} y2={HEIGHT} />
      </svg>
      <div className="plot-labels" aria-hidden="true">
        {plot.lines.map(({ value, y, label }) => (
          <span key={value} data-below={y < 0.25} style={{ top: `${y * 100}%` }}>
            {label}
          </span>
        ))}
        <span className="plot-value" style={{ top: `${plot.y(now) * 100}%`, left: `${plot.at(step) * 100}%` }} />
      </div>
    </figure>
  );
}
