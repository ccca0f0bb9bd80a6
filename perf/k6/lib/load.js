// How much of everything: the mix, the scale, and what counts as good enough.

// SCALE multiplies rates and virtual users; DURATION ("90s", "10m", "24h") replaces a scenario's own length.
export const SCALE = Number(__ENV.SCALE || 1);
const PARTS = (__ENV.PARTS || 'search,recommendations,playback,auth,sync').split(',');

// Shares of the requests, in percent.
const MIX = { search: 40, recommendations: 25, playback: 20, auth: 10, sync: 5 };

// Milliseconds at p95 and p99, by part. Playback has none in the agreement; it is held to sync's.
export const TARGETS = {
  search: [500, 1000],
  recommendations: [5, 10],
  playback: [100, 200],
  auth: [50, 100],
  sync: [100, 200],
};

export const ENDPOINTS = [
  'search_get', 'search_post', 'autocomplete',
  'recommendations',
  'playback_start', 'playback_position', 'playback_heartbeat', 'playback_continue', 'playback_deep_link', 'playback_end',
  'auth_refresh', 'auth_sessions', 'auth_login',
  'sync_delta', 'sync_watchlist',
];

// "90s", "10m", "1h30m" -> seconds.
export function seconds(duration) {
  const units = { h: 3600, m: 60, s: 1 };
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)([hms])/g)];
  if (parts.length === 0) {
    throw new Error(`DURATION ${duration} is none: write 90s, 10m or 24h`);
  }
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit], 0);
}

// The options of a scenario: the open model, in which requests arrive whether or not earlier ones were answered.
//
// steps: [[share of the length, rate as a multiple of `rps`], …]; the rate moves from each to the next in a line.
// rps, users: at scale 1. length_s: unless DURATION says otherwise.
export function options({ rps, users, length, steps, thresholds = {} }) {
  const length_s = seconds(__ENV.DURATION || length);
  const scenarios = {};
  const limits = {
    rate_limited: ['rate<0.01'],
    unexpected: ['rate<0.001'],
    dropped_iterations: ['rate<1'],
  };
  for (const part of PARTS) {
    const rate = (rps * SCALE * MIX[part]) / 100;
    // Rates of k6 are whole numbers; by the minute they come out right at small scales too.
    const per_minute = (factor) => Math.max(1, Math.round(rate * factor * 60));
    const vus = Math.max(2, Math.ceil((users * SCALE * MIX[part]) / 100));
    scenarios[part] = {
      exec: part,
      executor: 'ramping-arrival-rate',
      timeUnit: '1m',
      startRate: per_minute(steps[0][1]),
      stages: steps.map(([share, factor]) => ({
        duration: `${Math.max(1, Math.round(share * length_s))}s`,
        target: per_minute(factor),
      })),
      preAllocatedVUs: Math.ceil(vus / 2),
      maxVUs: vus,
      gracefulStop: '10s',
    };
    const [p95, p99] = TARGETS[part];
    limits[`http_req_duration{part:${part}}`] = [`p(95)<${p95}`, `p(99)<${p99}`];
  }
  // A submetric is in the summary only if a threshold names it; these always hold.
  for (const endpoint of ENDPOINTS) {
    limits[`http_req_duration{endpoint:${endpoint}}`] = ['max>=0'];
    limits[`http_reqs{endpoint:${endpoint}}`] = ['count>=0'];
  }
  return {
    scenarios,
    thresholds: { ...limits, ...thresholds },
    summaryTrendStats: ['avg', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'max', 'count'],
    // A body that nobody reads need not be kept.
    discardResponseBodies: true,
    noConnectionReuse: false,
    userAgent: 'mediagateway-k6',
  };
}

// The figures as JSON, where the runner asks for them, and k6's own text on the terminal.
export function summary(data, text) {
  const files = { stdout: text };
  if (__ENV.SUMMARY) {
    files[__ENV.SUMMARY] = JSON.stringify({ scale: SCALE, duration: __ENV.DURATION || null, ...data });
  }
  return files;
}
