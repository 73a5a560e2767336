/** What a process shows at its internal port for one series: `dead_letters_open`, `orders_queued{lane="vip"}`. NaN: nothing. */
export async function scrape(port: number, series: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return Number(line?.split(' ').at(-1) ?? Number.NaN);
}
