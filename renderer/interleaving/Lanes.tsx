import { useMemo } from 'react';
import { stepCount, type Trace } from '../../main/engine/trace.ts';
import { lanesOf, lanesSentence } from './lanes.ts';

interface LanesProps {
  readonly trace: Trace;
  /** 0-based step under the cursor; -1 before the first. */
  readonly step: number;
  /** Step after which a check is broken; -1 for none. */
  readonly failing: number;
}

/** The drawing's own width; it is stretched to the pane's. */
const WIDTH = 600;
const LANE = 18;

/** The whole schedule at a glance. The table below says the same, step by step. */
export function Lanes({ trace, step, failing }: LanesProps) {
  const lanes = useMemo(() => lanesOf(trace, WIDTH), [trace]);
  const steps = Math.max(1, stepCount(trace));
  const height = lanes.length * LANE;
  const at = (place: number) => ((place + 1) / steps) * WIDTH;
  return (
    <div className="lanes">
      <div className="lane-names" aria-hidden="true">
        {trace.actors.map(({ name }) => (
          <span key={name} className="lane-name">
            {name}
          </span>
        ))}
      </div>
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        style={{ height }}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Lanes: ${lanesSentence(trace)}`}
      >
        {lanes.map((stretches, lane) =>
          stretches.map(({ from, to }) => (
            <rect
              key={`${trace.actors[lane]?.name}:${from}`}
              x={from * WIDTH}
              y={lane * LANE + 4}
              width={Math.max(1, (to - from) * WIDTH)}
              height={LANE - 8}
            />
          )),
        )}
        {failing >= 0 && <line className="lane-failing" x1={at(failing)} x2={at(failing)} y1={0} y2={height} />}
        <line className="lane-now" x1={at(step)} x2={at(step)} y1={0} y2={height} />
      </svg>
    </div>
  );
}
