import { useRef } from 'react';
import { readFromFile, readPasted } from '../app/composing.ts';
import { useApp } from '../app/context.tsx';

/** Where the mail comes from: pasted, a Message-ID, or a file. */
export function MailSource({ busy }: { readonly busy: boolean }) {
  const app = useApp();
  const text = useRef<HTMLTextAreaElement>(null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void readPasted(app, text.current?.value ?? '');
      }}
    >
      <textarea
        ref={text}
        aria-label="The raw message, or its Message-ID"
        placeholder="Paste the raw message (the raw link of lore.kernel.org), or its Message-ID"
        spellCheck={false}
        rows={3}
      />
      <p className="deeds">
        <button type="submit" disabled={busy}>
          Read
        </button>
        <button type="button" disabled={busy} onClick={() => void readFromFile(app)}>
          Open a message ...
        </button>
        <span role="status">{busy ? 'reading ...' : ''}</span>
      </p>
    </form>
  );
}
