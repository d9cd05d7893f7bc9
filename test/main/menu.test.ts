import type { MenuItemConstructorOptions } from 'electron';
import { expect, it } from 'vitest';
import { menuTemplate } from '../../main/menu.ts';
import { COMMANDS, isCommandId } from '../../renderer/palette/keys.ts';

function items(menu: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return menu.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? items(item.submenu) : [])]);
}
const commands = items(menuTemplate(() => {}, false)).filter(({ id }) => id !== undefined);

it('the menu has commands of the window alone', () => {
  expect(commands.length).toBeGreaterThan(5);
  for (const { id } of commands) expect(isCommandId(id ?? ''), id).toBe(true);
});

it('the menu shows the keys that the window handles, and handles none itself', () => {
  for (const { id, accelerator, registerAccelerator } of commands) {
    if (accelerator === undefined || id === undefined || !isCommandId(id)) continue;
    expect(registerAccelerator, id).toBe(false);
    expect(COMMANDS[id].bindings.map(({ keys }) => keys)).toContain(accelerator);
  }
});

it('the menu sends the id of what is chosen', () => {
  const sent: string[] = [];
  const [run] = items(menuTemplate((id) => sent.push(id), false)).filter(({ id }) => id === 'run.all');
  Reflect.apply(run?.click ?? (() => {}), undefined, []);
  expect(sent).toEqual(['run.all']);
});

it('developer tools are for development', () => {
  const roles = (development: boolean) => items(menuTemplate(() => {}, development)).map(({ role }) => role);
  expect(roles(false)).not.toContain('toggleDevTools');
  expect(roles(true)).toContain('toggleDevTools');
});
