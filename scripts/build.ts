/** Builds the console (browser part, server part) and bundles both Workers into .build/, as a deployment would. */
import './platform/quiet';
import { buildPlatform, buildSimulator } from './platform/builds';

const startedAt = performance.now();
await Promise.all([buildPlatform(), buildSimulator()]);
console.error(`built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
