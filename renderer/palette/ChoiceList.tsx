import { type KeyboardEvent, type ReactNode, useRef } from 'react';

interface ChoiceListProps {
  /** Name of the field, and its placeholder where there is no other. */
  readonly label: string;
  readonly placeholder?: string;
  readonly listLabel: string;
  /** Unlike that of any other list in the window: options are named after it. */
  readonly id: string;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  /** The field's text is selected with the focus, so that typing replaces it. */
  readonly selects?: boolean;
  readonly choices: readonly { readonly key: string; readonly shown: ReactNode }[];
  /** Index of the current choice. */
  readonly at: number;
  readonly onAt: (at: number) => void;
  readonly onChoose: (at: number) => void;
}

/** A combobox over a list: type to narrow, arrows to walk, Enter to choose. */
export function ChoiceList(props: ChoiceListProps) {
  const {
    label,
    placeholder = label,
    listLabel,
    id,
    query,
    onQuery,
    selects = false,
    choices,
    at,
    onAt,
    onChoose,
  } = props;
  const list = useRef<HTMLDivElement>(null);
  const keys = (event: KeyboardEvent) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10 }[event.key];
    if (event.key === 'Enter') onChoose(at);
    else if (to !== undefined) {
      const next = Math.max(0, Math.min(choices.length - 1, to));
      onAt(next);
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    } else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        // biome-ignore lint/a11y/noAutofocus: it stands in a dialog, which is opened to type into it.
        autoFocus
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={choices[at] === undefined ? undefined : `${id}-${at}`}
        placeholder={placeholder}
        spellCheck={false}
        value={query}
        onFocus={(event) => selects && event.target.select()}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={keys}
      />
      <div id={`${id}-list`} role="listbox" aria-label={listLabel} ref={list}>
        {choices.map(({ key, shown }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keys.
          <div
            key={key}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onClick={() => onChoose(index)}
          >
            {shown}
          </div>
        ))}
      </div>
    </>
  );
}
