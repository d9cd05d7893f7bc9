import type { MailSections } from '../../preload/contract.ts';
import { changeMail, ticked } from '../app/composing.ts';
import { useApp } from '../app/context.tsx';
import type { Choice, ComposeOverlay } from '../app/state.ts';

const LAYOUTS = [
  ['finding', 'the first failure'],
  ['series', 'the whole series'],
] as const;
const FORMATS = [
  ['reply', 'a message (.eml)'],
  ['mbox', 'a mailbox (.mbox)'],
] as const;
const SECTIONS: readonly (readonly [keyof MailSections, string])[] = [
  ['table', 'race table'],
  ['states', 'counts by kernel'],
  ['checks', 'checks'],
  ['replay', 'replay block'],
  ['scenario', 'text of the notebook'],
];

/** What the answer says: own words, what it is about, which experiments and kernels, which parts. */
export function Answer({ pane }: { readonly pane: ComposeOverlay }) {
  const app = useApp();
  return (
    <form className="compose-answer" onSubmit={(event) => event.preventDefault()}>
      <textarea
        aria-label="Your own words"
        placeholder="Your own words, under what you quote"
        defaultValue={pane.comment}
        rows={4}
        onChange={(event) => void changeMail(app, { comment: event.target.value })}
      />
      <Ticks
        legend="Experiments"
        choices={pane.experiments}
        change={(experiments) => changeMail(app, { experiments })}
      />
      <Ticks legend="Kernels" choices={pane.kernels} change={(kernels) => changeMail(app, { kernels })} />
      <fieldset>
        <legend>About</legend>
        {LAYOUTS.map(([layout, title]) => (
          <label key={layout}>
            <input
              type="radio"
              name="layout"
              checked={pane.layout === layout}
              onChange={() => void changeMail(app, { layout })}
            />{' '}
            {title}
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>Parts</legend>
        {SECTIONS.map(([section, title]) => (
          <label key={section}>
            <input
              type="checkbox"
              checked={pane.sections[section]}
              onChange={() =>
                void changeMail(app, { sections: { ...pane.sections, [section]: !pane.sections[section] } })
              }
            />{' '}
            {title}
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>As</legend>
        {FORMATS.map(([format, title]) => (
          <label key={format}>
            <input
              type="radio"
              name="mail-format"
              checked={pane.format === format}
              onChange={() => void changeMail(app, { format })}
            />{' '}
            {title}
          </label>
        ))}
      </fieldset>
    </form>
  );
}

interface TicksProps {
  readonly legend: string;
  readonly choices: readonly Choice[];
  readonly change: (choices: readonly Choice[]) => Promise<void>;
}

function Ticks({ legend, choices, change }: TicksProps) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      {choices.map(({ name, on }) => (
        <label key={name}>
          <input type="checkbox" checked={on} onChange={() => void change(ticked(choices, name))} /> {name}
        </label>
      ))}
    </fieldset>
  );
}
