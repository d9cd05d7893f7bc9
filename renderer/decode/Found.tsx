import type { Decoded, DecodedCard } from '../../preload/contract.ts';
import { copyText } from '../app/clipboard.ts';
import { useApp } from '../app/context.tsx';
import { openMatching, showTracePage } from '../app/decoding.ts';
import { cardText } from './row-text.ts';

/** What was found in a text: pages first, then events, then the rest. */
export function Found({ decoded }: { readonly decoded: Decoded }) {
  const { cards, others, unread, trace } = decoded;
  return (
    <div className="found">
      {cards.map((card) => (
        <Card key={card.title} card={card} />
      ))}
      {trace !== null && <TracePages trace={trace} />}
      {others.length > 0 && <pre className="found-others">{others.join('\n')}</pre>}
      {unread.length > 0 && (
        <details open={cards.length === 0 && trace === null}>
          <summary>{unread.length} lines could not be read</summary>
          <pre>{unread.join('\n')}</pre>
        </details>
      )}
    </div>
  );
}

function Card({ card }: { readonly card: DecodedCard }) {
  const app = useApp();
  return (
    <section className="card" aria-label={card.title}>
      <h3>{card.title}</h3>
      <p className="decoded">refcount {card.count}</p>
      <pre className="dump">{card.lines.join('\n')}</pre>
      {card.odd.map((text) => (
        <p key={text} data-tone="fail">
          odd: {text}
        </p>
      ))}
      <p className="deeds">
        {card.see.map(({ file, experiment }) => (
          <button key={experiment} type="button" onClick={() => void openMatching(app, file)}>
            Open &quot;{experiment}&quot;
          </button>
        ))}
        <button type="button" onClick={() => void copyText(app, cardText(card), 'Copied.')}>
          Copy
        </button>
      </p>
    </section>
  );
}

function TracePages({ trace }: { readonly trace: NonNullable<Decoded['trace']> }) {
  const app = useApp();
  return (
    <section aria-label="Pages of the trace">
      <h3>{trace.summary}</h3>
      <ul className="trace-pages">
        {trace.pages.map(({ pfn, text, suspicions }) => (
          <li key={pfn}>
            <button type="button" onClick={() => void showTracePage(app, pfn, null)}>
              {text}
            </button>
            {suspicions.map((suspicion) => (
              <p key={suspicion} data-tone="fail">
                {suspicion}
              </p>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}
