// The summary for people: k6's own text comes from a module of its site, and nothing here is fetched while it runs.

export function textSummary(data) {
  const lines = ['', 'endpoint                 requests      p50      p95      p99      max  (ms)'];
  for (const [name, metric] of Object.entries(data.metrics)) {
    const tag = /^http_req_duration\{(endpoint|part):(\w+)\}$/.exec(name);
    if (tag && metric.values.count) {
      const { count, med, max } = metric.values;
      const figures = [med, metric.values['p(95)'], metric.values['p(99)'], max].map((ms) => ms.toFixed(1).padStart(8));
      lines.push(`${(tag[1] === 'part' ? `= ${tag[2]}` : tag[2]).padEnd(22)} ${String(count).padStart(10)} ${figures.join(' ')}`);
    }
  }
  for (const name of ['rate_limited', 'unexpected', 'dropped_iterations', 'http_reqs', 'vus_max']) {
    if (data.metrics[name]) {
      lines.push(`${name.padEnd(22)} ${JSON.stringify(data.metrics[name].values)}`);
    }
  }
  const broken = Object.entries(data.metrics).flatMap(([name, metric]) =>
    Object.entries(metric.thresholds || {}).filter(([, { ok }]) => !ok).map(([limit]) => `${name} ${limit}`));
  lines.push(broken.length ? `Missed: ${broken.join('; ')}` : 'All thresholds met.', '');
  return lines.join('\n');
}
