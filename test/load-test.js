#!/usr/bin/env node
// Hammers order creation; `npm run load -- --help` says how. The parts are ES modules, this file is what people start.
import('./load/main.mjs').then(({ main }) => main(process.argv.slice(2))).then((code) => (process.exitCode = code));
