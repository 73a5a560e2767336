/**
 * The figures of a report that are compared and limited: a path into it, and a name. Rates are per second, times in ms.
 */
export const figures = [
  { path: 'acceptedPerSecond', name: 'accepted/s' },
  { path: 'confirmedPerSecond', name: 'confirmed/s' },
  { path: 'lookedPerSecond', name: 'pages/s' },
  ...times('accepting.vip', 'accepting, VIP'),
  ...times('accepting.standard', 'accepting, standard'),
  ...times('confirming.vip', 'confirming, VIP'),
  ...times('confirming.standard', 'confirming, standard'),
  ...times('looking', 'a page'),
  { path: 'refused', name: 'refused' },
  { path: 'repeated', name: 'repeated' },
];

function times(path, name) {
  return ['p50', 'p95', 'p99'].map((percentile) => ({
    path: `${path}.${percentile}`,
    name: `${name}, ${percentile} ms`,
  }));
}

/** Undefined where it was not measured. */
export const figureOf = (report, path) => path.split('.').reduce((part, name) => part?.[name], report);
