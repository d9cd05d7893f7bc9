import type { FieldView } from './fields.ts';
import type { FolioView, RowView } from './page-view.ts';

/** One row per page, one column per field of the kernel; tails below their head, those without words folded. */
export function PageTable({ folio }: { readonly folio: FolioView }) {
  const rows = [folio.head, ...folio.tails];
  const names: string[] = [];
  for (const row of rows) for (const { name } of row.fields) if (!names.includes(name)) names.push(name);
  return (
    <table className="pages">
      <caption className="unseen">Pages of {folio.head.name}</caption>
      <thead>
        <tr>
          <th scope="col">page</th>
          {names.map((name) => (
            <th scope="col" key={name}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.object} className={row.changed ? 'changed' : undefined}>
            <th scope="row">{row.name}</th>
            {names.map((name) => (
              <FieldCell key={name} field={fieldOf(row, name)} />
            ))}
          </tr>
        ))}
        {folio.untouched > 0 && (
          <tr className="dim">
            <th scope="row">+{folio.untouched} tails</th>
            <td colSpan={names.length}>as they were made: no step touches them</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function fieldOf(row: RowView, name: string): FieldView | undefined {
  return row.fields.find((field) => field.name === name);
}

function FieldCell({ field }: { readonly field: FieldView | undefined }) {
  if (field === undefined) return <td />;
  return (
    <td className={field.was === null ? undefined : 'changed'} data-damaged={field.damage !== null}>
      {field.text}
      {field.was !== null && <span className="was"> (was {field.was})</span>}
    </td>
  );
}
