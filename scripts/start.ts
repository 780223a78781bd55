/** `npm start`: the built platform and the carrier simulator on this machine, with demo data, until stopped. */
import './platform/quiet';
import { announce } from './platform/announce';
import { startLocalPlatform, stopOnSignal } from './platform/local-platform';
import { readSettings } from './platform/settings';

const platform = await startLocalPlatform(readSettings());
stopOnSignal(platform);
announce(platform.line);
