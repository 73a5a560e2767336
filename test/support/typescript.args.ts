import { join } from 'node:path';

/** Arguments with which Node runs a TypeScript file in a process of its own. */
export const typescript = (file: string): string[] => ['--require', join(__dirname, 'typescript.js'), file];
