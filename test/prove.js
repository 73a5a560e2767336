#!/usr/bin/env node
// Proves what the suite promises, on a suite of its own; `npm run prove -- --help` says how. The parts are ES modules.
import('./prove/main.mjs').then(({ main }) => main(process.argv.slice(2))).then((code) => process.exit(code));
