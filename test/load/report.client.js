/* Part of the report’s page: draws what happened in each second. */
/* global document, matchMedia, uPlot */
(() => {
  const rows = JSON.parse(document.getElementById('timeline').textContent);
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const ink = dark ? '#ccc' : '#333';
  const grid = { stroke: dark ? '#444' : '#ddd', width: 1 };
  const axis = (options) => ({ stroke: ink, grid, ticks: grid, ...options });
  const colours = { accepted: '#2f7ed8', confirmed: '#22a06b', looked: '#8e59c9', refused: '#d9534f' };

  function draw(title, unit, series) {
    const shown = series.filter(({ name }) => rows.some((row) => row[name]));
    if (shown.length === 0) return;
    const data = [rows.map((_, second) => second), ...shown.map(({ name }) => rows.map((row) => row[name]))];
    const options = {
      title,
      width: Math.min(document.body.clientWidth, 940),
      height: 260,
      scales: { x: { time: false } },
      axes: [axis({ label: 'seconds' }), axis({ label: unit, size: 70 })],
      series: [
        { label: 'second' },
        ...shown.map(({ name, colour }) => ({ label: name, stroke: colour, width: 2, spanGaps: true })),
      ],
    };
    new uPlot(options, data, document.getElementById('charts'));
  }

  draw(
    'Each second',
    'count',
    Object.entries(colours).map(([name, colour]) => ({ name, colour })),
  );
  draw('Time to answer', 'ms', [
    { name: 'p50', colour: '#2f7ed8' },
    { name: 'p99', colour: '#e08e0b' },
  ]);
})();
