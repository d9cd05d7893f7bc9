import { root } from '../house.mjs';
import { capture, npm } from '../run.mjs';
import { SetupError } from '../say.mjs';

/**
 * A CycloneDX bill of materials of what ships: npm's own, with the runtime that it cannot know. Without the time of its
 * making, so that the same sources give the same file.
 *
 * @param {string} electron version of the runtime
 * @param {string} source where the runtime came from
 */
export function billOfMaterials(electron, source) {
  const [command, ...first] = npm();
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--omit', 'dev'];
  const { status, output, errors } = capture(command, [...first, ...args], { cwd: root });
  if (status !== 0) throw new SetupError(`npm sbom failed with status ${status}: ${errors.trim().split('\n')[0]}`);
  const { serialNumber: _number, ...bom } = JSON.parse(output);
  delete bom.metadata.timestamp;
  bom.metadata.component.name = 'gupbook';
  bom.components.push({
    'bom-ref': `electron@${electron}`,
    type: 'framework',
    name: 'electron',
    version: electron,
    scope: 'required',
    purl: `pkg:npm/electron@${electron}`,
    licenses: [{ license: { id: 'MIT' } }],
    properties: [{ name: 'gupbook:source', value: source }],
  });
  return `${JSON.stringify(bom, null, 2)}\n`;
}
