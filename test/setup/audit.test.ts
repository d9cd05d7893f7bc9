import { expect, it } from 'vitest';
import { told } from '../../main/setup/release/audit.mjs';

it.each([
  ['{"metadata":{"vulnerabilities":{"low":0,"high":0,"total":0}}}', 'Advisories: none against what ships (npm audit).'],
  [
    '{"metadata":{"vulnerabilities":{"low":1,"moderate":0,"high":2,"total":3}}}',
    'Advisories against what ships: 1 low, 2 high; see npm audit.',
  ],
  ['{"error":{"code":"ENOAUDIT"}}', 'Advisories: not known, this registry has none to ask for (npm audit).'],
  ['', 'Advisories: not known, this registry has none to ask for (npm audit).'],
])('npm audit that prints %j is told in one line', (output, line) => {
  expect(told(output)).toBe(line);
});
