import { version } from '../../package.json';

/** Version of Gupbook. */
export const VERSION: string = version;
