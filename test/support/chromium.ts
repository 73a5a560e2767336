import { chromium, type Browser } from 'playwright-core';

export const openBrowser = (executablePath = process.env.CHROMIUM_BIN): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });
